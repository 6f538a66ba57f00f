package config_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/shape"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// keysOf are a configuration's keys with the mappings that lead to them, as in "log.level"; in an account, "accounts.id".
func keysOf() map[string]shape.Key {
	all := map[string]shape.Key{}
	config.Shape().Each(func(path string, mapping *shape.Shape) {
		for _, key := range mapping.Keys {
			all[strings.TrimPrefix(path+"."+key.Name, ".")] = key
		}
	})
	return all
}

// withKey is the least configuration with one more line.
func withKey(path, value string) string {
	within, name, nested := strings.Cut(path, ".")
	switch {
	case !nested:
		return least + path + ": " + value + "\n"
	case within == "accounts":
		return least + "    " + name + ": " + value + "\n"
	case within == "instagram":
		return strings.Replace(least, "instagram:\n", "instagram:\n  "+name+": "+value+"\n", 1)
	}
	return least + within + ": {" + name + ": " + value + "}\n"
}

func parsed(t *testing.T, text string) (*config.Config, problem.List) {
	t.Helper()
	write(t, "answerback.yaml", text, 0o600)
	cfg, found, err := config.Load("answerback.yaml", config.Options{Getenv: environment})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, found
}

// What the schema says of defaults is what a configuration without the key is, and anything else is a change.
func TestDefaultsAreThoseToldOf(t *testing.T) {
	t.Chdir(t.TempDir())
	others := map[string]string{
		"listen": ":1", "admin.listen": "127.0.0.1:1", "database": "sqlite:x", "rules": "x", "mode": "shadow", "workers": "1", "drain": "1s",
		"settle_after": "1s", "retention": "1d", "log.level": "debug", "log.format": "json", "limits.replies_per_hour": "1", "limits.replies_per_thread": "1",
		"instagram.login": "instagram", "instagram.version": "v1.0", "sweep.every": "1s", "sweep.since": "1h",
	}
	same := cmpopts.IgnoreUnexported(config.Config{})
	bare, _ := parsed(t, least)
	told := 0
	for path, key := range keysOf() {
		if key.Default == "" {
			continue
		}
		told++
		given, problems := parsed(t, withKey(path, key.Default))
		if diff := cmp.Diff(bare, given, same); diff != "" {
			t.Errorf("%s: %s is not the default: %v\n%s", path, key.Default, problems, diff)
		}
		if other, problems := parsed(t, withKey(path, others[path])); other == nil || cmp.Equal(bare, other, same) {
			t.Errorf("%s: %q changes nothing: %v", path, others[path], problems)
		}
	}
	if told != len(others) {
		t.Errorf("%d keys have defaults", told)
	}
}

// Each word that the schema names is one that a configuration may have, and others aren't.
func TestWordsAreThoseToldOf(t *testing.T) {
	t.Chdir(t.TempDir())
	tried := 0
	for path, key := range keysOf() {
		if len(key.Words) == 0 {
			continue
		}
		for _, word := range append(key.Words, "nonsense") {
			_, problems := parsed(t, withKey(path, word))
			if refused := problems.HasErrors(); refused != (word == "nonsense") {
				t.Errorf("%s: %s: %v", path, word, problems)
			}
			tried++
		}
	}
	if tried < 10 {
		t.Errorf("only %d words were tried", tried)
	}
}

// Without a key that is called required there is a problem.
func TestRequiredKeysAreThoseToldOf(t *testing.T) {
	t.Chdir(t.TempDir())
	told := 0
	for path, key := range keysOf() {
		if !key.Required || path == "notify.url" || strings.HasSuffix(path, ".file") {
			continue
		}
		told++
		_, name := filepath.Split(strings.ReplaceAll(path, ".", "/"))
		text := strings.Replace(least, name+":", "unknown:", 1)
		_, problems := parsed(t, text)
		missing := slices.ContainsFunc(problems, func(p problem.Problem) bool { return p.Code == "E402" && strings.Contains(p.Message, name) })
		if text == least || !missing {
			t.Errorf("without %s: %v", path, problems)
		}
	}
	if told != 5 {
		t.Errorf("%d keys are required", told)
	}
}
