// Package config is the operator's choices, checked: one YAML file, read strictly, with everything that is wrong in it
// reported at once, each in its place. What the rest of the program gets is complete: defaults filled in, paths
// resolved, secrets read.
//
// The package reads files and, through Options, the environment; it knows no flags. Secrets are shown nowhere: not in
// problems, not when a Config is printed or marshaled.
package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/sirupsen/logrus"
)

// Config is a configuration that can be acted on.
type Config struct {
	Listen    string // host:port for notifications
	Admin     Admin
	Database  string // path of the SQLite file
	Rules     string // path of the rules, a folder or a file
	Mode      rules.Mode
	Notify    map[string]Notify
	Log       Log
	Workers   int           // events and deliveries in work at once
	Drain     time.Duration // how long a stop waits for work in hand
	Settle    time.Duration // a POST of unknown fate is read back after this
	Instagram Instagram
	Accounts  []Account // at least one
	TokenKey  Secret    // may be empty
	Retention time.Duration

	logins  []yamlpos.Text    // where each account's login stands
	files   []secretFile      // secrets that stand in files of their own
	inline  []string          // secrets that stand in the configuration itself
	origins map[string]string // where each secret came from, by its key: a file's path, or the text's hash
}

// Admin is the operators' own address.
type Admin struct {
	Listen string
	Token  Secret // never empty where the address is not loopback
}

// Notify is a place that rules may name.
type Notify struct {
	URL Secret // such addresses let whoever knows them post
}

// Log is how the daemon's log is written.
type Log struct {
	Level  logrus.Level
	Format string // "text" or "json"
}

// Limits are caps on an account's replies; 0 is none.
type Limits struct {
	RepliesPerHour   int
	RepliesPerThread int
}

// Instagram is what all accounts have in common on the platform.
type Instagram struct {
	Version     string // of the Graph API, "v26.0"
	AppID       string // may be empty
	VerifyToken Secret
}

// Account is a professional account that the bot answers for.
type Account struct {
	ID          string   // what notifications bear as entry.id
	Aliases     []string // other ids of the same account
	Username    string   // without @; what keeps the bot from answering itself where Meta tells no id
	PageID      string   // may be empty
	Login       platform.Login
	GraphURL    string // without a slash at the end
	AccessToken Secret
	AppSecrets  []Secret // at least one, the first one in use; none if secrets were left unread
	Limits      Limits
	Sweep       Sweep
}

// Sweep is the search for an account's comments that no notification told of.
type Sweep struct {
	Every time.Duration // between two rounds; 0: off
	Since time.Duration // how old a comment may be; at most 48 hours
}

// Options are what Load needs beside the file.
type Options struct {
	// Getenv looks a variable of the environment up; nil for an empty environment.
	Getenv func(name string) (value string, ok bool)
	// SkipSecrets leaves secrets unread, and values that name an unset variable at their defaults: for those who only
	// look at what else stands there.
	SkipSecrets bool
	// Needed are keys of the top level whose variables must be set even so, since their defaults would mislead.
	Needed []string
}

// Load reads the configuration in a file. With errors among the problems the Config is nil; a good one may come with
// warnings. An error means that the file itself couldn't be read.
func Load(path string, options Options) (*Config, problem.List, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read configuration: %w", err)
	}
	config, found := parse(path, src, options)
	return config, found, nil
}

// AppSecrets are the secrets with which notifications may be signed: those of all accounts, each once.
func (c *Config) AppSecrets() []Secret {
	var all []Secret
	for _, a := range c.Accounts {
		for _, s := range a.AppSecrets {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Inline are the keys of secrets that stand in the file itself, and not in the environment or a file of their own:
// whoever can read the file has them.
func (c *Config) Inline() []string { return slices.Clone(c.inline) }

// clone shares nothing that ReadSecrets changes.
func (c *Config) clone() *Config {
	copied := *c
	copied.Notify = maps.Clone(c.Notify)
	copied.Accounts = slices.Clone(c.Accounts)
	for i := range copied.Accounts {
		copied.Accounts[i].AppSecrets = slices.Clone(copied.Accounts[i].AppSecrets)
	}
	return &copied
}

// resolve is a path as the file at config means it: from the folder in which that lies.
func resolve(config, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(filepath.Dir(config), path)
}
