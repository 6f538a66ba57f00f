package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// scripted is what a script's own commands work on.
type scripted struct {
	fake   *instagramtest.Fake
	gate   *gate // before the fake
	daemon *process
}

type scriptedKey struct{}

const (
	scriptSecret = "script-app-secret"
	scriptToken  = "script-access-token"
	scriptVerify = "script-verify-token"
	scriptAdmin  = "script-admin-token"
	scriptApp    = "5550001"
)

// ownMedia is a media of the guide's account.
const ownMedia = "17895695668004550"

// setUpDaemon gives each script a fake Instagram with the guide's mentions and one comment on own media in it.
func setUpDaemon(env *testscript.Env) error {
	fake := instagramtest.New(instagramtest.Options{
		Accounts: []instagramtest.Account{{ID: instagramtest.GuideAccountID, Username: instagramtest.GuideUsername, Token: scriptToken}},
		AppID:    scriptApp, AppSecret: scriptSecret, RequireProof: true,
	})
	fake.AddGuide()
	tieWell(fake)
	fake.AddMedia(instagramtest.Media{ID: ownMedia, Owner: instagramtest.GuideUsername})
	fake.AddComment(instagramtest.Comment{ID: "17865799348089001", MediaID: ownMedia, FromID: "917", Username: "ada", Text: "how much?"})
	fake.AddComment(instagramtest.Comment{ID: "17865799348089002", MediaID: ownMedia, ParentID: "17865799348089001", FromID: "918", Username: "grace", Text: "price please"})
	env.Defer(fake.Close)
	for _, id := range []string{"17865799348089003", "17865799348089004", "17865799348089005"} {
		fake.AddComment(instagramtest.Comment{ID: id, MediaID: ownMedia, FromID: "917", Username: "ada", Text: "hello"})
	}
	gate, err := newGate(fake.URL())
	if err != nil {
		return err
	}
	env.Defer(func() {
		gate.open()
		gate.Close()
	})
	env.Setenv("GRAPH", gate.URL)
	for name, value := range map[string]string{
		"ANSWERBACK_APP_SECRET": scriptSecret, "ANSWERBACK_ACCESS_TOKEN": scriptToken,
		"ANSWERBACK_VERIFY_TOKEN": scriptVerify, "ANSWERBACK_ADMIN_TOKEN": scriptAdmin,
	} {
		env.Setenv(name, value)
	}
	s := &scripted{fake: fake, gate: gate}
	env.Values[scriptedKey{}] = s
	env.Defer(func() {
		if s.daemon != nil {
			s.daemon.kill()
		}
	})
	return nil
}

func script(ts *testscript.TestScript) *scripted { return ts.Value(scriptedKey{}).(*scripted) }

// startScriptDaemon: daemon CONFIG runs the daemon until it listens, its log in daemon.log; sets ADDR, ADMIN and PORT.
func startScriptDaemon(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: daemon CONFIG")
	}
	path, err := binary()
	ts.Check(err)
	daemon, err := startProcess(path, ts.Getenv("WORK"), args[0], ts.MkAbs("daemon.log"), scriptEnv(ts))
	ts.Check(err)
	script(ts).daemon = daemon
	ts.Setenv("ADMIN", daemon.admin)
	ts.Setenv("ADDR", daemon.webhook)
	ts.Setenv("PORT", regexp.MustCompile(`:(\d+)/`).FindStringSubmatch(daemon.webhook)[1])
}

// scriptEnv is what a script's environment has for the program.
func scriptEnv(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "GRAPH", "TAKEN",
		"ANSWERBACK_APP_SECRET", "ANSWERBACK_ACCESS_TOKEN", "ANSWERBACK_VERIFY_TOKEN", "ANSWERBACK_ADMIN_TOKEN",
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

// endScriptDaemon: end sends SIGTERM and waits for status 0; ! end: for status 1. end KILL ends it as a crash does;
// end HUP and end ONCE only send SIGHUP and SIGTERM.
func endScriptDaemon(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) > 1 || neg && len(args) > 0 {
		ts.Fatalf("usage: [!] end, end KILL|HUP|ONCE")
	}
	s := script(ts)
	switch strings.Join(args, "") {
	case "HUP":
		ts.Check(s.daemon.signal(syscall.SIGHUP))
		return
	case "ONCE":
		ts.Check(s.daemon.signal(syscall.SIGTERM))
		return
	case "KILL":
		ts.Check(s.daemon.kill())
	default:
		err := s.daemon.stop()
		if neg && s.daemon.cmd.ProcessState.ExitCode() != exitFailed {
			ts.Fatalf("the daemon ended with %s", s.daemon.cmd.ProcessState)
		}
		if !neg {
			ts.Check(err)
		}
	}
	s.daemon = nil
}

// waitForLog: log REGEXP waits until the daemon's log has it; ! log REGEXP: it hasn't now.
func waitForLog(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] log REGEXP")
	}
	line, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	log := ts.MkAbs("daemon.log")
	read := func() []byte {
		text, err := os.ReadFile(log)
		ts.Check(err)
		return text
	}
	if neg {
		if found := line.Find(read()); found != nil {
			ts.Fatalf("the log has %q", found)
		}
		return
	}
	if err := await(func() bool { return line.Match(read()) }); err != nil {
		ts.Fatalf("%v: %q in the log:\n%s", err, line, read())
	}
}

var notified = regexp.MustCompile(`"time": ?\d{10}\b`)

// sendNotification: send STATUS FILE [SECRET|none] posts a body, signed, as of now, and compares the answer's status.
// FILE may be "-N": N bytes of white space.
func sendNotification(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: send STATUS FILE [SECRET|none]")
	}
	var body []byte
	if size, err := strconv.Atoi(strings.TrimPrefix(args[1], "-")); err == nil {
		body = bytes.Repeat([]byte(" "), size)
	} else {
		body = notified.ReplaceAll([]byte(ts.ReadFile(args[1])), fmt.Appendf(nil, `"time": %d`, time.Now().Unix()))
	}
	secret := scriptSecret
	if len(args) > 2 {
		secret = args[2]
	}
	request, err := http.NewRequest(http.MethodPost, ts.Getenv("ADDR"), bytes.NewReader(body))
	ts.Check(err)
	if secret != "none" {
		request.Header.Set(instagram.SignatureHeader, instagram.Sign(body, []byte(secret)))
	}
	status, _, err := do(request)
	ts.Check(err)
	if fmt.Sprint(status) != args[0] {
		ts.Fatalf("the webhook answers %d, want %s", status, args[0])
	}
}

// waitForReplies: replies N FILE waits for N replies and writes them, sorted, to FILE: path and form, a line each.
func waitForReplies(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: replies N FILE")
	}
	s := script(ts)
	if err := await(func() bool { return fmt.Sprint(s.fake.ReplyCount()) == args[0] }); err != nil {
		ts.Fatalf("%v: %d replies, want %s", err, s.fake.ReplyCount(), args[0])
	}
	var lines []string
	for _, r := range s.fake.Replies() {
		var form []string
		for key, value := range r.Form {
			form = append(form, fmt.Sprintf("%s=%q", key, value))
		}
		sort.Strings(form)
		lines = append(lines, r.Path+" "+strings.Join(form, " "))
	}
	sort.Strings(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

// until: until METHOD URL STATUS REGEXP [HEADER: VALUE …] asks until the answer is so. A URL without a host is on the
// admin address.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: until METHOD URL STATUS REGEXP [HEADER: VALUE …]")
	}
	want := regexp.MustCompile("(?m)" + args[3])
	url := args[1]
	if strings.HasPrefix(url, "/") {
		url = ts.Getenv("ADMIN") + url
	}
	var status int
	var body string
	err := await(func() bool {
		request, err := http.NewRequest(args[0], url, nil)
		ts.Check(err)
		for _, header := range args[4:] {
			name, value, _ := strings.Cut(header, ": ")
			request.Header.Set(name, value)
			if name == "Host" {
				request.Host = value
			}
		}
		status, body, err = do(request)
		ts.Check(err)
		return fmt.Sprint(status) == args[2] && want.MatchString(body)
	})
	if err != nil {
		ts.Fatalf("%v: status %d, body:\n%s", err, status, body)
	}
	ts.Logf("%d %s", status, body)
}

// save: save URL FILE writes what a GET of the admin address answers.
func save(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: save PATH FILE")
	}
	_, body, err := script(ts).daemon.ask(http.MethodGet, args[0], http.Header{"Authorization": {"Bearer " + scriptAdmin}})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(body), 0o600))
}
