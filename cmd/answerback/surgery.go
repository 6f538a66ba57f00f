package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// doctorTimeout is how long one call or visit of the doctor's may take.
const doctorTimeout = 20 * time.Second

// surgery is what the doctor works with, for one call of a verb.
type surgery struct {
	config  *config.Config // nil if it isn't usable
	graph   *instagram.Client
	options doctor.Options
}

// surgery reads configuration and rules and makes the clients. What is wrong in them is not an error but what was found.
func (c *cli) surgery(ctx context.Context, path string) (*surgery, error) {
	cfg, problems, err := config.Load(path, config.Options{Getenv: c.getenv})
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	s := &surgery{config: cfg, options: doctor.Options{Now: c.now, Calls: doctor.NewCalls(c.now)}}
	o := &s.options
	o.Configuration = doctor.Configuration{Path: path, Problems: problems, Usable: cfg != nil, Mode: info.Mode()}
	if cfg == nil {
		return s, nil
	}
	o.Configuration.Inline = cfg.Inline()
	o.Rules = readRules(cfg)
	o.Version, o.AppID, o.VerifyToken = cfg.Instagram.Version, cfg.Instagram.AppID, cfg.Instagram.VerifyToken.Reveal()
	o.Accounts, o.Notes = tokensInUse(ctx, cfg)
	o.Webhook, o.Ready = onThisMachine(cfg.Listen, webhook.Path), onThisMachine(cfg.Admin.Listen, "/readyz")
	o.Database = func(ctx context.Context) (doctor.Database, error) { return lookAtDatabase(ctx, cfg.Database) }
	if o.Challenge, err = challenge(); err != nil {
		return nil, failure{err}
	}
	s.graph = instagram.NewClient(instagram.Options{Version: cfg.Instagram.Version, Timeout: doctorTimeout, Observe: o.Calls.Add, Now: c.now})
	o.Graph, o.Visit = s.graph, instagram.NewVisitor(doctorTimeout, nil)
	return s, nil
}

func (s *surgery) close() {
	if s.graph != nil {
		s.graph.Close()
	}
}

// readRules loads the rules that the daemon would run.
func readRules(cfg *config.Config) doctor.Rules {
	src, err := rules.Read(cfg.Rules)
	if err != nil {
		return doctor.Rules{Problems: problem.List{{Severity: problem.Error, Message: err.Error()}}}
	}
	set, problems := rules.Compile(src)
	if set == nil {
		return doctor.Rules{Problems: problems}
	}
	needs := set.Needs()
	return doctor.Rules{Problems: cfg.Unmet(needs), Loaded: true, Count: set.Len(), Needs: needs}
}

// onThisMachine is the address at which a listener is reached from here; empty where its port is drawn at the start.
func onThisMachine(listen, path string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || port == "0" {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + path
}

// challenge is a number that nobody can foresee, as Meta's is.
func challenge() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(9_000_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprint(n.Int64() + 1_000_000_000), nil
}

// lookAtDatabase doesn't open a file that others may read: that would mend its mode, and the doctor changes nothing.
func lookAtDatabase(ctx context.Context, path string) (d doctor.Database, err error) {
	d.Path = path
	d.Free, d.Told = freeSpace(filepath.Dir(path))
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d, placeFor(path)
	case err != nil:
		return d, err
	case !info.Mode().IsRegular():
		return d, fmt.Errorf("database %q: is no regular file", path)
	case info.Size() == 0: // the daemon fills it
		return d, nil
	}
	if d.Exists, d.Mode = true, info.Mode(); d.Mode.Perm()&0o077 != 0 {
		return d, nil
	}
	versions, err := sqlite.ReadVersions(ctx, path)
	d.Current, d.Known = versions.Current, versions.Known
	return d, err
}

// placeFor says why a daemon can't make a database that isn't there; nil if nothing is seen that keeps it from that.
func placeFor(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("database %q: is a link to nothing", path)
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("database %q: its folder %q doesn't exist: make it", path, filepath.Dir(path))
	}
	return nil
}
