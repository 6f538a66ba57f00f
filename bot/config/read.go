package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// secretFile is a secret that stands in a file of its own.
type secretFile struct {
	key    string       // how the setting is called
	path   string       // resolved
	place  yamlpos.Text // where the configuration names it
	assign func(*Config, Secret)
}

// needed is a secret that must be there.
func (l *loader) needed(key string, mapping yamlpos.Pos, from secretShape, assign func(*Config, Secret)) {
	if !from.given() && !l.SkipSecrets {
		within, name := "an account", key[strings.LastIndexByte(key, '.')+1:]
		if before, _, ok := strings.Cut(key, "."); ok && before != "accounts" {
			within = before
		}
		l.missing(mapping, within, name)
	}
	l.secret(key, from, assign)
}

// secret reads one secret and assigns it, unless there is none or secrets are left unread.
func (l *loader) secret(key string, from secretShape, assign func(*Config, Secret)) {
	if !from.given() || l.SkipSecrets {
		return
	}
	value, ok := l.expand(from.place(), false)
	if !ok {
		return
	}
	if !from.file.Given() {
		if !strings.Contains(strings.ReplaceAll(from.text.Value, "$$", ""), "${") {
			l.config.inline = append(l.config.inline, key)
		}
		if fault := badSecret(key, value); fault != "" {
			l.report(from.text.Problem(codeSecret, key+" "+fault, ""))
		}
		l.config.origins[key] = fmt.Sprintf("%x", sha256.Sum256([]byte(value)))
		assign(&l.config, Secret(value))
		return
	}
	file := secretFile{key: key, path: resolve(l.path, value), place: from.file, assign: assign}
	l.config.origins[key] = file.path
	l.config.files = append(l.config.files, file)
	secret, found := file.read()
	l.problems = append(l.problems, found...)
	assign(&l.config, secret)
}

// secrets reads a list of app secrets, which the accounts with these indices share.
func (l *loader) secrets(key string, from secretShapes, accounts []int) {
	if l.SkipSecrets {
		return
	}
	for _, account := range accounts {
		l.config.Accounts[account].AppSecrets = make([]Secret, len(from))
	}
	for i, s := range from {
		name := key
		if len(from) > 1 {
			name = fmt.Sprintf("%s.%d", key, i+1)
		}
		l.secret(name, s, func(c *Config, s Secret) {
			for _, account := range accounts {
				c.Accounts[account].AppSecrets[i] = s
			}
		})
	}
}

// ReadSecrets reads the secrets that stand in files of their own again, and gives a copy of the configuration that
// has them; all else is as it was. With errors among the problems there is none, and the old one goes on.
func (c *Config) ReadSecrets() (*Config, problem.List) {
	fresh := c.clone()
	var problems problem.List
	for _, file := range c.files {
		secret, found := file.read()
		problems = append(problems, found...)
		file.assign(fresh, secret)
	}
	mask(problems)
	problems.Sort()
	if problems.HasErrors() {
		return nil, problems
	}
	return fresh, problems
}

// maxSecret is more than any secret has, and keeps a wrong path from filling the memory.
const maxSecret = 64 << 10

// read gives the secret in the file, less the line's end after it. Problems name the file as the configuration does:
// a variable in it may hold the secret itself, by mistake.
func (f secretFile) read() (Secret, problem.List) {
	content, mode, err := readSome(f.path)
	if err != nil {
		var inPath *fs.PathError
		if errors.As(err, &inPath) {
			err = inPath.Err
		}
		return "", problem.List{f.place.Problem(codeSecret, fmt.Sprintf("%s: file %q: %v", f.key, f.place.Value, err), "")}
	}
	value := strings.TrimSuffix(strings.TrimSuffix(content, "\n"), "\r")
	if fault := badSecret(f.key, value); fault != "" {
		return "", problem.List{f.place.Problem(codeSecret, f.key+" "+fault, "")}
	}
	if found := f.unfit(Secret(value)); len(found) > 0 {
		return "", found
	}
	if mode.Perm()&0o004 != 0 {
		p := f.place.Problem(codeReadable, fmt.Sprintf("%s: everybody on this machine can read the file %q", f.key, f.place.Value), "chmod 600")
		p.Severity = problem.Warning
		return Secret(value), problem.List{p}
	}
	return Secret(value), nil
}

// unfit says what is wrong with a secret for what it is to be used for.
func (f secretFile) unfit(secret Secret) problem.List {
	switch {
	case f.key == "token_key":
		return shortKey(secret, f.place)
	case strings.HasPrefix(f.key, "notify."):
		return Notify{URL: secret}.problems(f.place)
	}
	return nil
}

func readSome(path string) (content string, mode os.FileMode, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	if !info.Mode().IsRegular() {
		return "", 0, errors.New("is no regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	b, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	err = errors.Join(err, file.Close())
	if err == nil && len(b) > maxSecret {
		err = errors.New("is too large for a secret")
	}
	return string(b), info.Mode(), err
}

// byteOrderMark is what some editors put before all else in a file.
const byteOrderMark = "\ufeff"

// badSecret says why a text can't be the secret of a key; it is sent in headers and compared byte by byte.
func badSecret(key, value string) string {
	switch {
	case strings.HasPrefix(value, byteOrderMark):
		return "begins with a byte order mark: save it as UTF-8 without one"
	case strings.TrimSpace(value) == "":
		return "is empty"
	case strings.TrimSpace(value) != value:
		return "has white space at its start or end"
	case strings.ContainsFunc(value, unicode.IsControl):
		return "has a line break or another control character in it"
	case strings.HasSuffix(key, ".access_token") && strings.ContainsFunc(value, noToken):
		return "holds a character that no access token holds: copy it anew"
	}
	return ""
}

// noToken reports whether a character can't travel in the header that bears the token.
func noToken(r rune) bool { return r <= ' ' || r > '~' }
