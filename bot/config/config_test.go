package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sirupsen/logrus"
)

const least = `instagram:
  app_secret: ${APP_SECRET}
  verify_token: ${VERIFY}
accounts:
  - id: 17841405726653026
    username: bluebottle
    access_token: ${TOKEN}
`

// load expects a good configuration without warnings.
func load(t *testing.T, text string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answerback.yaml")
	write(t, path, text, 0o600)
	return loadFile(t, path, config.Options{Getenv: environment})
}

func loadFile(t *testing.T, path string, options config.Options) *config.Config {
	t.Helper()
	cfg, found, err := config.Load(path, options)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	return cfg
}

func TestDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "etc/answerback.yaml", least, 0o600)
	got := loadFile(t, "etc/answerback.yaml", config.Options{Getenv: environment})
	want := &config.Config{
		Listen:    "127.0.0.1:8080",
		Admin:     config.Admin{Listen: "127.0.0.1:9090"},
		Database:  filepath.Join("etc", "answerback.db"),
		Rules:     filepath.Join("etc", "rules"),
		Mode:      rules.Live,
		Notify:    map[string]config.Notify{},
		Log:       config.Log{Level: logrus.InfoLevel, Format: "text"},
		Workers:   16,
		Drain:     20 * time.Second,
		Settle:    60 * time.Second,
		Instagram: config.Instagram{Version: "v26.0", VerifyToken: "hush-verify"},
		Accounts: []config.Account{{
			ID: "17841405726653026", Username: "bluebottle", Login: platform.FacebookLogin,
			GraphURL: "https://graph.facebook.com", AccessToken: "hush-token",
			AppSecrets: []config.Secret{"hush-app"}, Limits: config.Limits{RepliesPerHour: 60, RepliesPerThread: 3},
			Sweep: config.Sweep{Since: 24 * time.Hour},
		}},
		Retention: 90 * 24 * time.Hour,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Config{})); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestEverythingSaid(t *testing.T) {
	got := load(t, `
listen: :0
admin: {listen: "0.0.0.0:9091", token: "${TOKEN}"}
database: sqlite:/var/lib/answerback/a.db
rules: /etc/rules/one.yaml
mode: shadow
log: {level: debug, format: json}
limits: {replies_per_hour: 0}
workers: ${WORKERS}
drain: 1m
instagram:
  login: instagram
  graph_url: http://127.0.0.1:8765/
  version: v27.1
  app_secret: ["${APP_SECRET}", literal$$secret]
  verify_token: ${MONEY}
accounts:
  - id: "1"
    aliases: ["2", 3]
    username: ${USERNAME}
    access_token: a${TOKEN}b
    limits: {replies_per_thread: 0}
    sweep: {every: 0s}
  - id: "4"
    username: other.name
    access_token: x
    app_secret: own
    login: facebook
    sweep: {since: 2d}
  - {id: "5", username: third, access_token: x, graph_url: "https://proxy.example/meta/"}
sweep: {every: 5m, since: 12h}
`)
	want := &config.Config{
		Listen:   ":0",
		Admin:    config.Admin{Listen: "0.0.0.0:9091", Token: "hush-token"},
		Database: "/var/lib/answerback/a.db", Rules: "/etc/rules/one.yaml", Mode: rules.Shadow,
		Notify:  map[string]config.Notify{},
		Log:     config.Log{Level: logrus.DebugLevel, Format: "json"},
		Workers: 4, Drain: time.Minute, Settle: time.Minute, Retention: 90 * 24 * time.Hour,
		Instagram: config.Instagram{Version: "v27.1", VerifyToken: "hush$$${TOKEN}"},
		Accounts: []config.Account{
			{
				ID: "1", Aliases: []string{"2", "3"}, Username: "bluebottle", Login: platform.InstagramLogin,
				GraphURL: "http://127.0.0.1:8765", AccessToken: "ahush-tokenb",
				AppSecrets: []config.Secret{"hush-app", "literal$secret"}, Limits: config.Limits{},
				Sweep: config.Sweep{Since: 12 * time.Hour},
			},
			{
				ID: "4", Username: "other.name", Login: platform.FacebookLogin, GraphURL: "https://graph.facebook.com",
				AccessToken: "x", AppSecrets: []config.Secret{"own"}, Limits: config.Limits{RepliesPerThread: 3},
				Sweep: config.Sweep{Every: 5 * time.Minute, Since: 48 * time.Hour},
			},
			{
				ID: "5", Username: "third", Login: platform.InstagramLogin, GraphURL: "https://proxy.example/meta",
				AccessToken: "x", AppSecrets: []config.Secret{"hush-app", "literal$secret"}, Limits: config.Limits{RepliesPerThread: 3},
				Sweep: config.Sweep{Every: 5 * time.Minute, Since: 12 * time.Hour},
			},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(config.Config{})); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]config.Secret{"hush-app", "literal$secret", "own"}, got.AppSecrets()); diff != "" {
		t.Errorf("app secrets differ (-want +got):\n%s", diff)
	}
}

func TestUnreadableFile(t *testing.T) {
	cfg, found, err := config.Load(filepath.Join(t.TempDir(), "none.yaml"), config.Options{})
	if err == nil || cfg != nil || found != nil {
		t.Errorf("got %v, %v, %v; want only an error", cfg, found, err)
	}
}

func TestSkipSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.yaml")
	write(t, path, `
listen: ${NOWHERE}
workers: ${NOWHERE}
admin: {listen: ":9090", token: "${NOWHERE}"}
instagram: {app_secret: {file: nowhere}, verify_token: "${"}
accounts:
  - {id: "1", username: a, access_token: "${NOWHERE}", app_secret: [{file: nowhere}]}
  - {id: "2", username: b, aliases: ["3", "${NOWHERE}"]}
`, 0o600)
	cfg := loadFile(t, path, config.Options{SkipSecrets: true})
	if cfg.Listen != "127.0.0.1:8080" || cfg.Workers != 16 {
		t.Errorf("listen %q, workers %d: not the defaults", cfg.Listen, cfg.Workers)
	}
	got := fmt.Sprint(cfg.Accounts[0].ID, cfg.Accounts[0].Username, cfg.Accounts[1].Aliases, len(cfg.AppSecrets()))
	if want := "1a[3] 0"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if _, found, _ := config.Load(path, config.Options{}); !found.HasErrors() {
		t.Error("read in full, it must be refused")
	}
	needed := config.Options{SkipSecrets: true, Needed: []string{"listen"}}
	if cfg, found, _ := config.Load(path, needed); cfg != nil || len(found) != 1 || found[0].Code != "E405" || found[0].Line != 2 {
		t.Errorf("a variable of a needed key must be set, found %v", found)
	}
	write(t, path, "rules: ${no name}", 0o600)
	if _, found, _ := config.Load(path, config.Options{SkipSecrets: true}); len(found) != 2 || found[1].Code != "E405" {
		t.Errorf("a variable that is badly written is one always, found %v", found)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	cfg := load(t, least+"admin: {token: '${TOKEN}'}")
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	secret := cfg.Accounts[0].AccessToken
	shown := []string{
		string(asJSON), fmt.Sprint(cfg), fmt.Sprintf("%+v", *cfg), fmt.Sprintf("%#v", *cfg), fmt.Sprintf("%#v", cfg.Accounts),
		fmt.Sprint(secret), fmt.Sprintf("%s %v %q %x %d %T", secret, secret, secret, secret, secret, secret), fmt.Sprintf("%x", cfg.Accounts),
		secret.String(), secret.GoString(), fmt.Sprintf("%v", map[config.Secret]int{secret: 1}),
	}
	var log strings.Builder
	for _, format := range []logrus.Formatter{&logrus.TextFormatter{}, &logrus.JSONFormatter{}} {
		logger := logrus.New()
		logger.SetOutput(&log)
		logger.SetFormatter(format)
		logger.WithField("secret", secret).WithField("config", cfg).Info(secret)
	}
	for _, s := range append(shown, log.String()) {
		if strings.Contains(s, "hush") || strings.Contains(s, "68757368") {
			t.Errorf("a secret is shown in %s", s)
		}
	}
	if secret.Reveal() != "hush-token" {
		t.Errorf("Reveal gives %q", secret.Reveal())
	}
}

const withFiles = `instagram:
  app_secret: [{file: secrets/app}, fixed]
  verify_token: {file: "${PWD_OF_SECRETS}/verify"}
accounts:
  - {id: "1", username: a, access_token: {file: secrets/token}}
  - {id: "2", username: b, access_token: {file: secrets/token}, app_secret: own}
admin: {token: {file: secrets/admin}}
`

func TestReadSecrets(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "answerback.yaml")
	put := func(name, content string) { write(t, filepath.Join(folder, "secrets", name), content, 0o600) }
	write(t, path, withFiles, 0o600)
	put("app", "one\n")
	put("verify", "two\r\n")
	put("token", "three")
	put("admin", "four\n")
	options := config.Options{Getenv: func(string) (string, bool) { return filepath.Join(folder, "secrets"), true }}
	old := loadFile(t, path, options)
	wantSecrets(t, old, "one fixed two three three own four")

	put("app", "five\n")
	put("token", "six\n")
	fresh, found := old.ReadSecrets()
	if len(found) > 0 {
		t.Fatal(found)
	}
	wantSecrets(t, fresh, "five fixed two six six own four")
	wantSecrets(t, old, "one fixed two three three own four")
	if changed := config.Diff(old, loadFile(t, path, options)); len(changed) > 0 {
		t.Errorf("files with secrets need no restart, but %v is named", changed)
	}

	put("token", "\n")
	if err := os.Remove(filepath.Join(folder, "secrets", "app")); err != nil {
		t.Fatal(err)
	}
	none, found := fresh.ReadSecrets()
	if none != nil || len(found) != 3 || found[0].Line != 2 || found[1].Line != 5 {
		t.Errorf("got %v beside %v", none, found)
	}
}

func wantSecrets(t *testing.T, c *config.Config, want string) {
	t.Helper()
	var got []string
	for _, s := range append(c.Accounts[0].AppSecrets[:2:2], c.Instagram.VerifyToken, c.Accounts[0].AccessToken,
		c.Accounts[1].AccessToken, c.Accounts[1].AppSecrets[0], c.Admin.Token) {
		got = append(got, s.Reveal())
	}
	if strings.Join(got, " ") != want {
		t.Errorf("secrets are %q, want %q", got, want)
	}
}

func TestSecretReadableByEverybody(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "answerback.yaml")
	write(t, path, strings.Replace(least, "${TOKEN}", "{file: token}", 1), 0o600)
	write(t, filepath.Join(folder, "token"), "hush\n", 0o644)
	cfg, found, err := config.Load(path, config.Options{Getenv: environment})
	if err != nil || cfg == nil || len(found) != 1 || found[0].Code != "W402" || found[0].Line != 7 {
		t.Fatal(err, cfg, found)
	}
	if cfg.Accounts[0].AccessToken != "hush" {
		t.Error("a warning must not keep the secret from being read")
	}
}

func TestDiff(t *testing.T) {
	base := load(t, least)
	folder := filepath.Dir(base.Rules)
	cases := map[string]struct {
		from, to string
		want     []string
	}{
		"same":             {"", "", nil},
		"an address":       {"instagram:", "listen: :80\ninstagram:", []string{"listen"}},
		"a secret":         {"${TOKEN}", "other", []string{"accounts.17841405726653026.access_token"}},
		"a file":           {"${APP_SECRET}", "{file: app}", []string{"instagram.app_secret"}},
		"a common limit":   {"instagram:", "limits: {replies_per_hour: 5}\ninstagram:", []string{"accounts.17841405726653026.limits.replies_per_hour"}},
		"a list of aliase": {"username:", "aliases: ['7']\n    username:", []string{"accounts.17841405726653026.aliases"}},
		"one secret more":  {"${APP_SECRET}", "[\"${APP_SECRET}\", b]", []string{"instagram.app_secret", "instagram.app_secret.1", "instagram.app_secret.2"}},
	}
	write(t, filepath.Join(folder, "app"), "x", 0o600)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, "answerback.yaml")
			write(t, path, strings.Replace(least, c.from, c.to, 1), 0o600)
			changed := config.Diff(base, loadFile(t, path, config.Options{Getenv: environment}))
			if diff := cmp.Diff(c.want, changed); diff != "" {
				t.Errorf("changes differ (-want +got):\n%s", diff)
			}
		})
	}
	other := load(t, strings.Replace(least, "17841405726653026", "9", 1))
	if changed := config.Diff(base, other); len(changed) < 10 {
		t.Errorf("another account is named by %v only", changed)
	}
}

// FuzzLoad checks that whatever stands in a file ends in a Config or in errors, and that no secret shows.
func FuzzLoad(f *testing.F) {
	f.Add(least)
	f.Add(withFiles)
	archives, _ := filepath.Glob("testdata/problems/*.txtar")
	for _, path := range archives {
		if text, err := os.ReadFile(path); err == nil {
			f.Add(string(text))
		}
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(folder, "answerback.yaml")
		write(t, path, text, 0o600)
		getenv := func(name string) (string, bool) { return "hush" + name, len(name) < 20 }
		cfg, found, err := config.Load(path, config.Options{Getenv: getenv})
		if err != nil {
			t.Fatal(err)
		}
		if (cfg == nil) != found.HasErrors() {
			t.Errorf("%v beside %v", cfg, found)
		}
		var shown strings.Builder
		if err := found.Text(&shown); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(shown.String(), "hush") && !strings.Contains(text, "hush") {
			t.Errorf("the environment is shown: %s", shown.String())
		}
		if cfg != nil && (len(cfg.Accounts) == 0 || len(cfg.AppSecrets()) == 0 || cfg.Instagram.VerifyToken == "") {
			t.Errorf("incomplete: %+v", cfg)
		}
	})
}

// Only what stands in the file itself is inline: not what the environment or another file holds.
func TestInline(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "token", "from-a-file", 0o600)
	text := "instagram: {app_secret: [\"pl$$ain\", \"${NAME}\"], verify_token: \"${NAME}\"}\n" +
		"accounts: [{id: \"1\", username: a, access_token: {file: token}}, {id: \"2\", username: b, access_token: plain}]\n"
	write(t, "answerback.yaml", text, 0o600)
	cfg, found, err := config.Load("answerback.yaml", config.Options{Getenv: func(string) (string, bool) { return "value", true }})
	if err != nil || found.HasErrors() {
		t.Fatal(err, found)
	}
	if got, want := cfg.Inline(), []string{"accounts.2.access_token", "instagram.app_secret.1"}; !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A place's URL that a reload reads anew is held to the same as at the start.
func TestReadSecretsOfPlaces(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "answerback.yaml")
	put := func(url string) { write(t, filepath.Join(folder, "ops"), url, 0o600) }
	write(t, path, `notify: {ops: {url: {file: ops}}}
instagram: {app_secret: s, verify_token: v}
accounts: [{id: "1", username: a, access_token: t}]
`, 0o600)
	put("https://hooks.example/one")
	old := loadFile(t, path, config.Options{})
	put("https://hooks.example/two")
	fresh, found := old.ReadSecrets()
	if len(found) > 0 || fresh.Notify["ops"].URL.Reveal() != "https://hooks.example/two" || old.Notify["ops"].URL.Reveal() != "https://hooks.example/one" {
		t.Fatalf("%v, %v", fresh, found)
	}
	for _, bad := range []string{"http://hooks.example/two", "hooks.example"} {
		put(bad)
		if none, found := fresh.ReadSecrets(); none != nil || len(found) != 1 || found[0].Line != 1 || strings.Contains(found[0].String(), "hooks") {
			t.Errorf("%v, %v", none, found)
		}
	}
}
