package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/examples"
	"github.com/spf13/cobra"
)

func (c *cli) demoCommand() *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the way from notification to reply, against a fake Instagram",
		Long: `demo runs a fake Instagram, the daemon and the quickstart's rules in one process.
Signed notifications go in over HTTP, replies come out; nothing leaves this
machine. Without --once it goes on until you end it: edit the rules whose path it
prints, and the notifications are played again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.demo(cmd.Context(), once)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "end after the sample notifications")
	return cmd
}

const (
	demoAccount  = instagramtest.GuideAccountID
	demoUsername = instagramtest.GuideUsername
	demoSecret   = "demo-app-secret"
	demoToken    = "demo-access-token"
	// demoPatience is how long the demo waits for an event's end before it says that something is wrong.
	demoPatience = 10 * time.Second
)

const demoConfig = `listen: 127.0.0.1:0
admin: {listen: "127.0.0.1:0"}
log: {level: error}
rules: rules
instagram:
  graph_url: %s
  app_secret: %s
  verify_token: demo-verify-token
accounts:
  - {id: "%s", username: %s, access_token: %s}
`

// demo is one showing.
type demo struct {
	*cli
	dir    string
	fake   *instagramtest.Fake
	daemon *daemon
	shown  int64 // events so far: the next one's number less one
	posted int   // replies so far
	asked  int   // Graph calls so far
	round  int64 // how often the rules were edited
}

func (c *cli) demo(ctx context.Context, once bool) (err error) {
	dir, err := os.MkdirTemp("", "answerback-demo-")
	if err != nil {
		return failure{err}
	}
	defer os.RemoveAll(dir)
	d := &demo{cli: c, dir: dir, fake: instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: demoAccount, Username: demoUsername, Token: demoToken}},
		AppSecret: demoSecret,
	})}
	defer d.fake.Close()
	stop, _, done := c.signals()
	defer done()
	if err := d.start(ctx); err != nil {
		return failure{err}
	}
	defer func() {
		if stopped := d.daemon.drain(stop); err == nil {
			err = stopped
		}
	}()
	d.introduce()
	if err := d.play(ctx); err != nil {
		return failure{err}
	}
	if once {
		return nil
	}
	return d.goOn(ctx, stop)
}

// start writes a working folder as a user has one, and runs the daemon over it.
func (d *demo) start(ctx context.Context) error {
	rules, err := fs.Sub(examples.Quickstart, "quickstart/rules")
	if err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(d.dir, "rules"), rules); err != nil {
		return err
	}
	path := filepath.Join(d.dir, "answerback.yaml")
	text := fmt.Sprintf(demoConfig, d.fake.URL(), demoSecret, demoAccount, demoUsername, demoToken)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	cfg, err := d.loadConfig(path)
	if err != nil {
		return err
	}
	d.daemon, err = startDaemon(ctx, cfg, d.rereader(path), newLog(d.stderr, cfg), d.now)
	return err
}

func (d *demo) introduce() {
	fmt.Fprintf(d.stdout, "A fake Instagram listens at %s,\nthe daemon at http://%s%s.\n", d.fake.URL(), d.daemon.webhooks, webhook.Path)
	fmt.Fprintf(d.stdout, "The daemon answers for @%s by the %s in\n%s\n\n", demoUsername,
		plural(d.daemon.rules.Active().Len(), "rule"), filepath.Join(d.dir, "rules", "quickstart.yaml"))
}

// play sends each of the quickstart's samples and tells what becomes of it.
func (d *demo) play(ctx context.Context) error {
	samples, err := fs.Glob(examples.Quickstart, "quickstart/samples/*.json")
	if err != nil {
		return err
	}
	// Meta's guide has the mention in a comment first.
	slices.SortFunc(samples, func(a, b string) int {
		return strings.Compare(filepath.Base(b), filepath.Base(a))
	})
	for _, name := range samples {
		text, err := fs.ReadFile(examples.Quickstart, name)
		if err != nil {
			return err
		}
		if err := d.show(ctx, filepath.Base(name), text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// goOn plays again after each edit of the rules, until a signal.
func (d *demo) goOn(ctx context.Context, stop <-chan os.Signal) error {
	fmt.Fprintf(d.stdout, "Edit %s and save: the notifications are played again. Ctrl-C ends the demo.\n\n",
		filepath.Join(d.dir, "rules", "quickstart.yaml"))
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	revision, refused := d.daemon.rules.Active().Revision(), ""
	for {
		select {
		case <-stop:
			return nil
		case err := <-d.daemon.failed:
			return failure{err}
		case <-look.C:
		}
		if problems := d.daemon.rules.Rejected(); len(problems) > 0 && refused != problems[0].String() {
			refused = problems[0].String()
			fmt.Fprintln(d.stdout, "That edit is refused, the former rules go on:")
			if err := problems.Text(d.stdout); err != nil {
				return failure{err}
			}
		}
		if active := d.daemon.rules.Active(); active.Revision() != revision {
			revision, refused = active.Revision(), ""
			fmt.Fprintf(d.stdout, "Rules %s are active: %s.\n\n", short(revision), plural(active.Len(), "rule"))
			d.round++
			if err := d.play(ctx); err != nil {
				return failure{err}
			}
		}
	}
}

func short(revision string) string { return revision[:min(8, len(revision))] }

var errSilent = errors.New("the event has no end after " + demoPatience.String())
