package config

import (
	"crypto/sha256"
	"fmt"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// minTokenKey is how many characters a key must have: one that people make up and remember has fewer, and could be
// guessed by whoever gets at a copy of the database.
const minTokenKey = 32

func (l *loader) tokenKey(from secretShape) {
	l.secret("token_key", from, func(c *Config, s Secret) { c.TokenKey = s })
	l.problems = append(l.problems, shortKey(l.config.TokenKey, from.place())...)
}

// shortKey says that a key that stands at the given place is too short; none at all is not.
func shortKey(key Secret, at yamlpos.Text) problem.List {
	if n := len(key.Reveal()); n == 0 || n >= minTokenKey {
		return nil
	}
	return problem.List{at.Problem(codeSecret, fmt.Sprintf("token_key must have at least %d characters", minTokenKey), "openssl rand -hex 32")}
}

// AccessTokenFile is the file that an account's access token stands in, "" if it stands in none.
func (c *Config) AccessTokenFile(account string) string {
	for _, file := range c.files {
		if file.key == "accounts."+account+".access_token" {
			return file.path
		}
	}
	return ""
}

// TakeUp reads the secrets that stand in files of their own again, as [Config.ReadSecrets] does, but keeps the former one
// where one can't be read, and takes up the others.
func (c *Config) TakeUp() (*Config, problem.List) {
	fresh := c.clone()
	var problems problem.List
	for _, file := range c.files {
		secret, found := file.read()
		if !found.HasErrors() {
			file.assign(fresh, secret)
		}
		problems = append(problems, found...)
	}
	mask(problems)
	problems.Sort()
	return fresh, problems
}

// Watch looks at the files that hold secrets. It is for one goroutine.
type Watch struct {
	config      *Config
	seen, taken [sha256.Size]byte
}

// Watch begins a watch over the files that the configuration names.
func (c *Config) Watch() *Watch { return &Watch{config: c} }

// Changed looks at the files, and reports whether their contents are others than when it last said so and have stayed the
// same since the look before: what is still being written has another look's time to be finished. The first change that
// it reports is that to what it found first. It goes by the contents, which are short: times and sizes miss edits, and
// what an orchestrator swaps by a link has its own.
func (w *Watch) Changed() bool {
	now := w.contents()
	settled := now == w.seen
	w.seen = now
	if !settled || now == w.taken {
		return false
	}
	w.taken = now
	return true
}

// contents is a hash of all that the files hold, and of why they can't be read.
func (w *Watch) contents() (sum [sha256.Size]byte) {
	hash := sha256.New()
	for _, file := range w.config.files {
		content, mode, err := readSome(file.path)
		_, _ = fmt.Fprintf(hash, "%q %v %v\n", content, mode, err != nil)
	}
	hash.Sum(sum[:0])
	return sum
}
