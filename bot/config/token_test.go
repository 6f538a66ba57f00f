package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/config"
)

// secretsFolder is a configuration whose secrets stand in files, and how one of them is put there.
func secretsFolder(t *testing.T) (c *config.Config, folder string, put func(name, content string)) {
	t.Helper()
	folder = t.TempDir()
	put = func(name, content string) { write(t, filepath.Join(folder, "secrets", name), content, 0o600) }
	write(t, filepath.Join(folder, "answerback.yaml"), withFiles, 0o600)
	for _, name := range []string{"app", "verify", "token", "admin"} {
		put(name, name)
	}
	getenv := func(string) (string, bool) { return filepath.Join(folder, "secrets"), true }
	return loadFile(t, filepath.Join(folder, "answerback.yaml"), config.Options{Getenv: getenv}), folder, put
}

// What can't be read is told and leaves the former secret; the others are taken up.
func TestTakeUp(t *testing.T) {
	old, folder, put := secretsFolder(t)
	put("token", "fresh\n")
	put("app", "")
	if err := os.Remove(filepath.Join(folder, "secrets", "admin")); err != nil {
		t.Fatal(err)
	}
	fresh, found := old.TakeUp()
	if len(found) != 2 || !found.HasErrors() || !strings.Contains(found[0].Message, "is empty") {
		t.Errorf("told %v", found)
	}
	wantSecrets(t, fresh, "app fixed verify fresh fresh own admin")
	wantSecrets(t, old, "app fixed verify token token own admin")
}

// What a start would refuse is not taken up either, by a look at the files or by a reload.
func TestUnfitSecretsAreNotTakenUp(t *testing.T) {
	folder := t.TempDir()
	put := func(name, content string) { write(t, filepath.Join(folder, name), content, 0o600) }
	put("key", strings.Repeat("k", 32))
	put("ops", "https://ops.example/one")
	put("answerback.yaml", least+"token_key: {file: key}\nnotify: {ops: {url: {file: ops}}}\n")
	old := loadFile(t, filepath.Join(folder, "answerback.yaml"), config.Options{Getenv: environment})
	for name, content := range map[string]string{"key": "hush", "ops": "http://ops.example/hush"} {
		before := old.TokenKey.Reveal()
		if name == "ops" {
			before = old.Notify["ops"].URL.Reveal()
		}
		put(name, content)
		taken, found := old.TakeUp()
		if len(found) != 1 || !found.HasErrors() || strings.Contains(found[0].String(), "hush") {
			t.Errorf("%s: told %v", name, found)
		}
		if taken.TokenKey.Reveal() != old.TokenKey.Reveal() || taken.Notify["ops"].URL.Reveal() != old.Notify["ops"].URL.Reveal() {
			t.Errorf("%s: taken up", name)
		}
		if _, found := old.ReadSecrets(); len(found) != 1 || !found.HasErrors() {
			t.Errorf("%s: a reload told %v", name, found)
		}
		put(name, before)
	}
}

func TestWatch(t *testing.T) {
	c, folder, put := secretsFolder(t)
	watch := c.Watch()
	look := func(what string, want ...bool) {
		t.Helper()
		for i, want := range want {
			if got := watch.Changed(); got != want {
				t.Errorf("%s, look %d: got %v", what, i+1, got)
			}
		}
	}
	look("at first", false, true, false, false)
	put("token", "fres")
	look("half written", false)
	put("token", "fresh")
	look("written", false, true, false)
	put("token", "fresh")
	look("written again", false, false)
	put("token", "wrong")
	look("another", false)
	put("token", "fresh")
	look("taken back before the next look", false, false, false)
	put("token", "")
	look("emptied", false, true, false)
	token := filepath.Join(folder, "secrets", "token")
	must(t, os.Remove(token))
	look("removed", false, true, false)
	must(t, os.MkdirAll(filepath.Join(folder, "..1"), 0o700))
	must(t, os.WriteFile(filepath.Join(folder, "..1", "token"), []byte("one"), 0o600))
	must(t, os.Symlink("..1", filepath.Join(folder, "..data")))
	must(t, os.Symlink("../..data/token", token))
	look("linked", false, true, false)
	must(t, os.MkdirAll(filepath.Join(folder, "..2"), 0o700))
	must(t, os.WriteFile(filepath.Join(folder, "..2", "token"), []byte("two"), 0o600))
	must(t, os.Symlink("..2", filepath.Join(folder, "..data_tmp")))
	must(t, os.Rename(filepath.Join(folder, "..data_tmp"), filepath.Join(folder, "..data")))
	look("swapped as Kubernetes does", false, true, false)
	fresh, found := c.TakeUp()
	if len(found) > 0 {
		t.Error(found)
	}
	wantSecrets(t, fresh, "app fixed verify two two own admin")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAccessTokenFile(t *testing.T) {
	c, folder, _ := secretsFolder(t)
	if got := c.AccessTokenFile("1"); got != filepath.Join(folder, "secrets", "token") {
		t.Errorf("got %q", got)
	}
	if got := load(t, least).AccessTokenFile("17841405726653026"); got != "" {
		t.Errorf("got %q for one that stands in no file", got)
	}
}

// A key that can be guessed is refused, wherever it stands, and not repeated.
func TestShortTokenKey(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "key"), "correct horse battery staple\n", 0o600)
	for _, key := range []string{"correct horse battery staple", "{file: key}"} {
		path := filepath.Join(folder, "answerback.yaml")
		write(t, path, least+"token_key: "+key+"\n", 0o600)
		_, found, err := config.Load(path, config.Options{Getenv: environment})
		if err != nil || len(found) != 1 || !strings.Contains(found[0].Message, "at least 32 characters") || strings.Contains(found[0].Source, "horse") {
			t.Errorf("%s: %v, %v", key, found, err)
		}
	}
	write(t, filepath.Join(folder, "key"), strings.Repeat("k", 32)+"\n", 0o600)
	path := filepath.Join(folder, "answerback.yaml")
	if c := loadFile(t, path, config.Options{Getenv: environment}); c.TokenKey.Reveal() != strings.Repeat("k", 32) {
		t.Error("a key that is long enough is not taken")
	}
}
