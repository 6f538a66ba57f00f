package yamlpos_test
import ("testing";"strings";"fmt";"time";"github.com/answerback/answerback/rules/yamlpos";"github.com/answerback/answerback/rules/problem")
func TestZZ(t *testing.T){
 var b strings.Builder
 b.WriteString("rules:\n")
 for i:=range 10000 { fmt.Fprintf(&b,"  - name: rule %d\n    when: has(text, \"price%d\")\n    reply:\n      - \"Hello @{{ from.username }} look at the link\"\n      - \"it's all there\"\n",i,i) }
 for _, tail := range []string{"", "  - name: x\n   when: y\n", "  - name: \"x\n", "  - name: Note: y\n", "  - when: \"a\" in b\n", "    - [a, b\n"} {
  s:=time.Now(); _,f:=decode("f",[]byte(b.String()+tail)); t.Log(time.Since(s), b.Len(), f)
  s=time.Now(); _,f=decode("f",[]byte(strings.Replace(b.String(), "rules:\n", "rules:\n"+tail,1))); t.Log(time.Since(s), b.Len(), f)
 }
 one := "{rules: [" + strings.Repeat("{nam: x}, ", 10000) + "]}"
 s:=time.Now(); _,f:=decode("f",[]byte(one)); t.Log("one line", time.Since(s), len(f))
 s=time.Now(); var o strings.Builder; problem.List(f).Text(&o); t.Log("print", time.Since(s))
 _ = yamlpos.List
 s=time.Now(); _,f=decode("f",[]byte(strings.Repeat("[",9000))); t.Log(time.Since(s), f[0].Message)
 s=time.Now(); _,f=decode("f",[]byte(strings.Repeat("[",9000)+strings.Repeat("]",9000))); t.Log(time.Since(s), len(f))
 s=time.Now(); _,f=decode("f",[]byte(strings.Repeat("[",20000)+strings.Repeat("]",20000))); t.Log(time.Since(s), f[0].Message)
 s=time.Now(); _,f=decode("f",[]byte(strings.Repeat("- ",20000))); t.Log(time.Since(s), f[0].Message)
 s=time.Now(); _,f=decode("f",[]byte(strings.Repeat("{",5000)+strings.Repeat("}",5000))); t.Log(time.Since(s), len(f))
}
