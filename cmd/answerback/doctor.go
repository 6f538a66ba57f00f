package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"

	"github.com/answerback/answerback/bot/doctor"
	"github.com/spf13/cobra"
)

func (c *cli) doctorCommand() *cobra.Command {
	var path, address, output string
	cmd := &cobra.Command{
		Use:   "doctor -c FILE [--url https://YOUR.HOST/webhooks/instagram]",
		Short: "Find the missing link between Meta and the bot",
		Long: `doctor looks at every link of the chain from Meta to the bot and back, says of each
what it saw, and of those that aren't good what to do:

  configuration  it loads, the secrets are there, and not for everybody to read
  rules          they load, and need nothing that the configuration lacks
  version        that of the Graph API has not come to its end
  clock          this machine's, against Meta's
  graph, app, token, identity, page, subscription, usage
                 of each account: Meta answers; app_id and app_secret belong together;
                 the token is alive, and has the permissions that the rules need; id and
                 username are the account's; the Facebook Page is; Meta sends the app
                 its notifications; how much of Meta's limits is used
  webhook        the app has Meta send what the rules need, to --url
  handshake      at --url, as Meta does it when the webhook is configured
  delivery       a signed test notification, such as Meta's dashboard sends, through
                 --url or else the daemon's own address; a wrong signature is refused
  daemon         it is ready
  database       it opens, is yours alone, and the disk has room

A link that can't be looked at because of another is unknown. What nobody can see from
outside is listed at the end. It changes nothing, posts nothing on Instagram, and shows
no secrets; the daemon may run or not, and its log tells of the test notification.

With -o json it prints one object: {"ok": true, "links": [{"link": "token", "account":
"bluebottle", "state": "ok", "seen": "…", "do": ""}, …], "checklist": [{"check": "…",
"why": "…"}, …]}. state is ok, warning, broken or unknown; ok is false where a link is
broken. Exit status 1: a link is broken.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("output", output, "text", "json"); err != nil {
				return err
			}
			if err := webhookURL(address); err != nil {
				return err
			}
			ctx, done := c.interruptible(cmd.Context())
			defer done()
			report, err := c.examine(ctx, path, address)
			if err != nil {
				return err
			}
			return c.tell(report, output)
		},
	}
	cmd.Flags().StringVarP(&path, "config", "c", "answerback.yaml", "configuration file")
	cmd.Flags().StringVar(&address, "url", "", "public address of the webhook, as it stands in Meta's dashboard")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

// webhookURL checks the value of --url.
func webhookURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("--url is %q; it must be an address such as https://your.host/webhooks/instagram", address)
	case u.User != nil || u.Fragment != "":
		return errors.New("--url must have no user and no fragment in it")
	case u.Scheme == "http" && !thisMachine(u.Hostname()):
		return errors.New("--url must begin with https://: Meta comes no other way, and the verify token stands in the address")
	}
	return nil
}

// thisMachine reports whether a host is a loopback address, to which nothing leaves the machine.
func thisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// tell prints a report, and fails if something in it is broken.
func (c *cli) tell(report doctor.Report, output string) (err error) {
	if output == "json" {
		err = c.tellJSON(report)
	} else {
		err = c.tellText(report)
	}
	switch {
	case err != nil:
		return failure{err}
	case !report.OK():
		return errFailed
	}
	return nil
}

func (c *cli) tellJSON(report doctor.Report) error {
	encoder := json.NewEncoder(c.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		OK        bool           `json:"ok"`
		Links     []doctor.Link  `json:"links"`
		Checklist []doctor.Check `json:"checklist"`
	}{report.OK(), report.Links, doctor.Checklist()})
}

func (c *cli) tellText(report doctor.Report) error {
	var b strings.Builder
	counts := map[doctor.State]int{}
	for _, l := range report.Links {
		counts[l.State]++
		seen := l.Seen
		if l.Account != "" {
			seen = l.Account + ": " + seen
		}
		fmt.Fprintf(&b, "%-8s %-14s %s\n", l.State, l.Name, plain(seen))
		if l.Do != "" {
			fmt.Fprintf(&b, "%23s → %s\n", "", plain(l.Do))
		}
	}
	b.WriteString("\nNobody can see this from outside; look yourself:\n")
	for _, check := range doctor.Checklist() {
		fmt.Fprintf(&b, "  [ ] %s: %s\n", check.Check, check.Why)
	}
	if _, err := fmt.Fprint(c.stdout, b.String()); err != nil {
		return err
	}
	fmt.Fprintf(c.stderr, "answerback: %d ok, %s, %d broken, %d unknown\n", counts[doctor.OK], plural(counts[doctor.Warning], "warning"), counts[doctor.Broken], counts[doctor.Unknown])
	return nil
}

// plain takes out what would move the cursor: part of the text comes from afar.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// examine has the doctor look at what the configuration at path describes.
func (c *cli) examine(ctx context.Context, path, address string) (doctor.Report, error) {
	s, err := c.surgery(ctx, path)
	if err != nil {
		return doctor.Report{}, err
	}
	defer s.close()
	s.options.URL = address
	report := doctor.Examine(ctx, s.options)
	if ctx.Err() != nil { // what was cut off would look broken
		return doctor.Report{}, failure{context.Cause(ctx)}
	}
	return report, nil
}
