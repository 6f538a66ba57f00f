package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// law is one sentence of the house's order.
type law struct {
	says string
	// broken tells what in a file breaks the law; nothing if it doesn't.
	broken func(source) []string
	// planted are files that break it, each alone; innocent are files near to them that don't. A law that doesn't tell
	// them apart holds nothing.
	planted, innocent map[string]string
}

func TestLaws(t *testing.T) {
	files := wholeModule(t)
	if len(files) < 50 {
		t.Fatalf("only %d files were found", len(files))
	}
	for _, law := range laws() {
		t.Run(law.says, func(t *testing.T) {
			for _, file := range files {
				for _, what := range law.broken(file) {
					t.Errorf("%s: %s", file.path, what)
				}
			}
		})
	}
}

func TestLawsCatch(t *testing.T) {
	for _, law := range laws() {
		t.Run(law.says, func(t *testing.T) {
			if len(law.planted) == 0 || len(law.innocent) == 0 {
				t.Fatal("nothing shows what the law is about")
			}
			for path, text := range law.planted {
				if what := law.broken(parse(t, map[string]string{path: text})[0]); len(what) == 0 {
					t.Errorf("%s may stand:\n%s", path, text)
				}
			}
			for path, text := range law.innocent {
				if what := law.broken(parse(t, map[string]string{path: text})[0]); len(what) > 0 {
					t.Errorf("%s may not stand (%q):\n%s", path, what, text)
				}
			}
		})
	}
}

func laws() []law {
	return []law{{
		says: "every package imports only what its place allows",
		broken: func(f source) (broken []string) {
			if f.test || inside(f.dir, "cmd") {
				return nil
			}
			allowed, known := mayImport()[f.dir]
			if !known {
				return []string{fmt.Sprintf("package %q has no place yet: give it a line in mayImport", f.dir)}
			}
			for _, imported := range f.ours {
				if !slices.Contains(allowed, imported) {
					broken = append(broken, fmt.Sprintf("%s may not import %s", f.dir, imported))
				}
			}
			return broken
		},
		planted: map[string]string{
			"bot/inbox/a.go":   `package inbox; import _ "` + module + `bot/ledger"`,
			"bot/console/b.go": `package console; import _ "` + module + `bot/metrics"`,
			"bot/bot.go":       `package bot; import _ "` + module + `bot/sqlite"`,
			"bot/queue/a.go":   `package queue`,
		},
		innocent: map[string]string{
			"bot/reply/a.go":         `package reply; import _ "` + module + `bot/ledger"`,
			"cmd/answerback/wire.go": `package main; import _ "` + module + `bot/sqlite"`,
			"bot/bot_test.go":        `package bot_test; import _ "` + module + `bot/sqlite"`,
		},
	}, {
		says: "rules know nothing of the bot, in tests neither",
		broken: func(f source) (broken []string) {
			for _, imported := range f.ours {
				if inside(f.dir, "rules") && !inside(imported, "rules") {
					broken = append(broken, "imports "+imported)
				}
			}
			return broken
		},
		planted: map[string]string{
			"rules/a.go":            `package rules; import _ "` + module + `bot/ledger"`,
			"rules/a_test.go":       `package rules_test; import _ "` + module + `bot"`,
			"rules/watch/a_test.go": `package watch_test; import _ "` + module + `cmd/answerback"`,
		},
		innocent: map[string]string{
			"rules/a.go":      `package rules; import _ "` + module + `rules/text"`,
			"bot/inbox/a.go":  `package inbox; import _ "` + module + `rules"`,
			"rulesofthumb.go": `package x; import _ "` + module + `bot"`,
		},
	}, {
		says: "the door, the sweep, enrichment, replies and the console do not know each other, in tests neither",
		broken: func(f source) (broken []string) {
			stages := []string{"bot/webhook", "bot/sweep", "bot/enrich", "bot/reply", "bot/console"}
			for _, imported := range f.ours {
				if slices.Contains(stages, f.dir) && slices.Contains(stages, imported) && imported != f.dir {
					broken = append(broken, "imports "+imported)
				}
			}
			return broken
		},
		planted: map[string]string{
			"bot/webhook/a.go":      `package webhook; import _ "` + module + `bot/reply"`,
			"bot/sweep/a.go":        `package sweep; import _ "` + module + `bot/webhook"`,
			"bot/console/a_test.go": `package console_test; import _ "` + module + `bot/webhook"`,
		},
		innocent: map[string]string{
			"bot/webhook/a_test.go": `package webhook_test; import _ "` + module + `bot/webhook"`,
			"bot/bot.go":            `package bot; import _ "` + module + `bot/reply"`,
		},
	}, {
		says: "only cmd and tests know the stores' drivers",
		broken: func(f source) (broken []string) {
			for _, driver := range []string{"bot/sqlite", "bot/postgres"} {
				if slices.Contains(f.ours, driver) && !f.test && !inside(f.dir, "cmd") {
					broken = append(broken, "imports "+driver)
				}
			}
			return broken
		},
		planted: map[string]string{
			"bot/bot.go":       `package bot; import _ "` + module + `bot/sqlite"`,
			"bot/console/a.go": `package console; import _ "` + module + `bot/postgres"`,
		},
		innocent: map[string]string{
			"cmd/answerback/run.go": `package main; import _ "` + module + `bot/sqlite"`,
			"bot/bot_test.go":       `package bot_test; import _ "` + module + `bot/sqlite"`,
		},
	}, {
		says: "a library stands in its one home",
		broken: func(f source) (broken []string) {
			for library, allowed := range homes() {
				for _, imported := range f.imports {
					if !f.test && inside(imported, library) && !slices.Contains(allowed, f.dir) {
						broken = append(broken, "imports "+imported)
					}
				}
			}
			return broken
		},
		planted: map[string]string{
			"rules/watch/a.go":    `package watch; import _ "github.com/expr-lang/expr/vm"`,
			"bot/config/a.go":     `package config; import _ "gopkg.in/yaml.v3"`,
			"bot/config/watch.go": `package config; import _ "github.com/fsnotify/fsnotify"`,
			"bot/ledger/a.go":     `package ledger; import _ "modernc.org/sqlite"`,
			"bot/ledger/b.go":     `package ledger; import _ "database/sql"`,
			"bot/webhook/a.go":    `package webhook; import _ "github.com/prometheus/client_golang/prometheus"`,
			"bot/sqlite/a.go":     `package sqlite; import _ "testing"`,
		},
		innocent: map[string]string{
			"rules/expression/a.go": `package expression; import _ "github.com/expr-lang/expr/vm"`,
			"rules/a_test.go":       `package rules_test; import _ "gopkg.in/yaml.v3"`,
			"bot/sqlite/a.go":       `package sqlite; import _ "modernc.org/sqlite"`,
			"bot/ledger/sql.go":     `package ledger; import _ "gopkg.in/yaml.v3000"`,
		},
	}, {
		says: "HTTP goes out in one package to Meta and in one to people, but for what plays Meta",
		broken: func(f source) []string {
			out := []string{"Client", "DefaultClient", "Transport", "DefaultTransport", "Get", "Head", "Post", "PostForm"}
			speaks := f.test || inside(f.dir, "bot/instagram") || f.dir == "bot/notify" || f.dir == "cmd/answerback-bench" || f.path == "cmd/answerback/demo.go"
			return unless(speaks, f.using("net/http", out...))
		},
		planted: map[string]string{
			"bot/reply/a.go":          `package reply; import "net/http"; var c http.Client`,
			"bot/enrich/a.go":         `package enrich; import web "net/http"; func f() { web.Get("https://example.com") }`,
			"cmd/answerback/check.go": `package main; import "net/http"; var c = http.DefaultClient`,
		},
		innocent: map[string]string{
			"bot/instagram/a.go": `package instagram; import "net/http"; var c http.Client`,
			"bot/notify/a.go":    `package notify; import "net/http"; var t http.Transport`,
			"bot/webhook/a.go":   `package webhook; import "net/http"; var s http.Server`,
			"bot/reply/a.go":     `package reply; import "example.com/http"; var c http.Client`,
		},
	}, {
		says: "logs go through an injected logger",
		broken: func(f source) []string {
			global := []string{"Trace", "Debug", "Info", "Print", "Warn", "Warning", "Error", "Fatal", "Panic", "Log"}
			var calls []string
			for _, name := range global {
				calls = append(calls, name, name+"f", name+"ln", name+"Fn")
			}
			calls = append(calls, "StandardLogger", "SetLevel", "SetOutput", "SetFormatter", "AddHook", "WithField", "WithFields", "WithError")
			return unless(f.test || inside(f.dir, "cmd"), f.using("github.com/sirupsen/logrus", calls...))
		},
		planted: map[string]string{
			"bot/reply/a.go": `package reply; import "github.com/sirupsen/logrus"; func f() { logrus.Warnf("%d", 1) }`,
			"rules/a.go":     `package rules; import log "github.com/sirupsen/logrus"; func f() { log.WithField("a", 1).Info("b") }`,
		},
		innocent: map[string]string{
			"bot/reply/a.go":         `package reply; import "github.com/sirupsen/logrus"; func f(log logrus.FieldLogger) { log.WithFields(logrus.Fields{}).Warn("a") }`,
			"cmd/answerback/main.go": `package main; import "github.com/sirupsen/logrus"; func f() { logrus.SetLevel(logrus.InfoLevel) }`,
		},
	}, {
		says: "the standard loggers stay out, but where net/http needs one",
		broken: func(f source) (broken []string) {
			for _, imported := range f.imports {
				if inside(imported, "log") && !f.test && f.path != "bot/webhook/server.go" {
					broken = append(broken, "imports "+imported)
				}
			}
			return broken
		},
		planted: map[string]string{
			"bot/reply/a.go":      `package reply; import _ "log"`,
			"cmd/answerback/a.go": `package main; import _ "log/slog"`,
			"bot/webhook/a.go":    `package webhook; import _ "log"`,
		},
		innocent: map[string]string{
			"bot/webhook/server.go": `package webhook; import _ "log"`,
			"bot/reply/a.go":        `package reply; import _ "logistics"`,
		},
	}, {
		says: "rules read no clock, no chance, no network and no store",
		broken: func(f source) (broken []string) {
			// Keeping a set fresh is a matter of time; judging by it is not.
			if f.test || !inside(f.dir, "rules") || inside(f.dir, "rules/watch") {
				return nil
			}
			broken = f.using("time", "Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep")
			for _, imported := range f.imports {
				for _, outside := range []string{"math/rand", "crypto/rand", "net/http", "database/sql", "os/exec", "net/rpc"} {
					if inside(imported, outside) || imported == "net" {
						broken = append(broken, "imports "+imported)
					}
				}
			}
			return broken
		},
		planted: map[string]string{
			"rules/a.go":         `package rules; import "time"; func f() { _ = time.Now() }`,
			"rules/text/a.go":    `package text; import clock "time"; var now = clock.Now`,
			"rules/b.go":         `package rules; import _ "math/rand/v2"`,
			"rules/c.go":         `package rules; import _ "net"`,
			"rules/problem/a.go": `package problem; import "time"; func f() { time.Sleep(1) }`,
		},
		innocent: map[string]string{
			"rules/a.go":       `package rules; import "time"; func f(t time.Time) time.Duration { return t.Sub(time.Time{}) }`,
			"rules/a_test.go":  `package rules_test; import "time"; var _ = time.Now`,
			"rules/watch/a.go": `package watch; import "time"; var _ = time.Now`,
			"rules/text/a.go":  `package text; import _ "net/netip"`,
		},
	}, {
		says: "a package is named by a noun of the trade",
		broken: func(f source) []string {
			banned := []string{"util", "utils", "common", "helper", "helpers", "types", "model", "models", "manager", "managers",
				"misc", "shared", "base", "core", "lib", "internal", "pkg", "service", "services", "handler", "handlers"}
			for _, part := range append(strings.Split(f.dir, "/"), f.pkg, strings.TrimSuffix(f.pkg, "_test")) {
				if slices.Contains(banned, part) {
					return []string{fmt.Sprintf("%q names a drawer, not a thing", part)}
				}
			}
			return nil
		},
		planted: map[string]string{
			"bot/utils/a.go":          `package utils`,
			"bot/internal/graph/a.go": `package graph`,
			"rules/words/a.go":        `package common`,
			"bot/types/a_test.go":     `package types_test`,
		},
		innocent: map[string]string{
			"bot/reply/a.go":      `package reply`,
			"rules/text/types.go": `package text`,
		},
	}, {
		says: "nothing happens before main, and only main exits",
		broken: func(f source) []string {
			broken := unless(f.test || inside(f.dir, "cmd"), f.using("os", "Exit"))
			if f.inits && !f.test {
				broken = append(broken, "has a func init")
			}
			return broken
		},
		planted: map[string]string{
			"bot/reply/a.go":         `package reply; func init() {}`,
			"bot/config/a.go":        `package config; import "os"; func f() { os.Exit(1) }`,
			"cmd/answerback/init.go": `package main; func init() {}`,
		},
		innocent: map[string]string{
			"bot/reply/a.go":         `package reply; type x int; func (x) init() {}`,
			"cmd/answerback/main.go": `package main; import "os"; func main() { os.Exit(0) }`,
		},
	}, {
		says:   "a context carries no parameters",
		broken: func(f source) []string { return unless(f.test, f.using("context", "WithValue")) },
		planted: map[string]string{
			"bot/reply/a.go": `package reply; import "context"; var _ = context.WithValue`,
		},
		innocent: map[string]string{
			"bot/reply/a.go": `package reply; import "context"; var _ = context.WithCancel`,
		},
	}}
}
