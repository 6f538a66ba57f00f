package bot_test

// mayImport is who knows whom: the packages of ours that each package may import outside its tests. cmd may import
// anything, and nobody imports cmd. A new package gets its line here when somebody has thought about it.
func mayImport() map[string][]string {
	return map[string][]string{
		"rules":                       {"rules/event", "rules/expression", "rules/platform", "rules/problem", "rules/schedule", "rules/shape", "rules/text", "rules/yamlpos"},
		"rules/ahocorasick":           {},
		"rules/event":                 {"rules/platform", "rules/text"},
		"rules/expression":            {"rules/ahocorasick", "rules/event", "rules/platform", "rules/text", "rules/yamlpos"},
		"rules/lint":                  {"rules", "rules/expression", "rules/logic", "rules/platform", "rules/problem", "rules/text"},
		"rules/logic":                 {},
		"rules/manual":                {"rules", "rules/platform", "rules/shape"},
		"rules/outline":               {"rules", "rules/text"},
		"rules/platform":              {},
		"rules/problem":               {},
		"rules/ruletest":              {"rules", "rules/outline", "rules/platform", "rules/problem", "rules/shape", "rules/text", "rules/yamlpos"},
		"rules/schedule":              {"rules/yamlpos"},
		"rules/schema":                {"rules/shape"},
		"rules/shape":                 {"rules/yamlpos"},
		"rules/text":                  {"rules/ahocorasick"},
		"rules/yamlpos":               {"rules/problem"},
		"rules/watch":                 {"rules", "rules/problem"},
		"bot":                         {"bot/enrich", "bot/inbox", "bot/instagram", "bot/ledger", "bot/notify", "bot/reply", "bot/share", "rules", "rules/platform"},
		"bot/config":                  {"rules", "rules/platform", "rules/problem", "rules/shape", "rules/yamlpos"},
		"bot/console":                 {"rules/problem"},
		"bot/doctor":                  {"bot/instagram", "rules", "rules/platform", "rules/problem"},
		"bot/enrich":                  {"bot/instagram", "rules", "rules/platform"},
		"bot/inbox":                   {"bot/share"},
		"bot/instagram":               {"rules/platform"},
		"bot/instagram/instagramtest": {"bot/instagram", "rules/platform"},
		"bot/ledger":                  {"bot/share", "rules", "rules/platform"},
		"bot/metrics":                 {},
		"bot/notify":                  {"bot/inbox", "bot/ledger", "rules"},
		"bot/reply":                   {"bot/inbox", "bot/instagram", "bot/ledger", "rules", "rules/platform"},
		"bot/share":                   {},
		"bot/sqlite":                  {"bot/inbox", "bot/ledger", "bot/share", "rules", "rules/platform"},
		"bot/storetest":               {"bot/inbox", "bot/ledger", "bot/share", "rules", "rules/platform"},
		"bot/sweep":                   {"bot/inbox", "bot/instagram", "rules/platform"},
		"bot/token":                   {"bot/inbox", "bot/instagram", "bot/ledger", "rules/platform"},
		"bot/webhook":                 {"bot/inbox", "bot/instagram", "rules/platform"},
		"examples":                    {},
	}
}

// homes are the packages that a library of others stands in, and nowhere else.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/expr-lang/expr":     {"rules/expression"},
		"gopkg.in/yaml.v3":              {"rules/yamlpos"},
		"github.com/invopop/jsonschema": {"rules/schema"},
		"github.com/fsnotify/fsnotify":  {"rules/watch"},
		"modernc.org/sqlite":            {"bot/sqlite"},
		"github.com/jackc/pgx/v5":       {"bot/postgres"},
		"github.com/pressly/goose/v3":   {"bot/sqlite", "bot/postgres"},
		"database/sql":                  {"bot/sqlite", "bot/postgres"},
		"github.com/prometheus":         {"bot/metrics"},
		"github.com/spf13/cobra":        {"cmd/answerback"},
		"filippo.io/age":                {"bot/token"},
		"net/http/httptest":             {"bot/instagram/instagramtest"},
		"testing":                       {"bot/storetest"},
	}
}
