package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/spf13/cobra"
)

// dryRun is one call of the verb.
type dryRun struct {
	*cli
	rules, config, output string
	accounts              []string // ID=USERNAME, as given
	text, caption, from   string
	inSequence            bool
	explain               bool
	given                 func(flag string) bool // whether a flag was set at all

	set         *rules.Set
	shared      *sequence                // nil: each event is judged alone
	known       map[string]rules.Account // by id and alias
	aliases     map[string][]string      // of an account, by its id
	nodes       map[string]string        // that private replies of an account go out from, by its id
	cfg         *config.Config           // nil: none was given
	undecidable bool
	told        map[string]bool // what was said on stderr, once each
}

func (c *cli) dryRunCommand() *cobra.Command {
	d := &dryRun{cli: c, told: map[string]bool{}, known: map[string]rules.Account{}, aliases: map[string][]string{}, nodes: map[string]string{}}
	cmd := &cobra.Command{
		Use:   "dry-run -r RULES [SAMPLE…]",
		Short: "Say what the rules would do with samples",
		Long: `dry-run judges each event of the samples as the daemon would, and prints the
decision with the exact request that would be sent. Nothing is sent. It needs no
network, no token and no daemon.

A SAMPLE is a notification as Meta posts it or as its dashboard shows it, or a file
  {"webhook": NOTIFICATION, "graph": [ANSWER, …]}
with the Graph API answers that tell the texts; "-" or none is standard input.
Each event is judged alone: what a rule said before is unknown to it, so its
once_per, cooldown and limit aren't judged. With --sequence the samples share one
ledger, in their order. Exit status 1: an event lacks the text to judge it by.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, samples []string) error {
			d.given = cmd.Flags().Changed
			return d.run(samples)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&d.rules, "rules", "r", "rules", "rule folder or file; where -c is given, the configuration's by default")
	flags.StringVarP(&d.config, "config", "c", "", "configuration that says who the accounts are; its secrets stay unread")
	flags.StringVarP(&d.output, "output", "o", "text", "text or json (one object a line)")
	flags.BoolVar(&d.explain, "explain", false, "show how each rule's conditions came to their values, and near misses")
	flags.StringArrayVar(&d.accounts, "account", nil, "an account as ID=USERNAME; may be repeated")
	flags.StringVar(&d.text, "text", "", "the comment's text, where the sample doesn't tell it")
	flags.StringVar(&d.caption, "caption", "", "the media's caption, where the sample doesn't tell it")
	flags.BoolVar(&d.inSequence, "sequence", false, "the samples share one ledger, in order, their times being the clock")
	flags.StringVar(&d.from, "from", "", "the author's username, where the sample doesn't tell it")
	return cmd
}

func (d *dryRun) run(samples []string) error {
	if err := oneOf("output", d.output, "text", "json"); err != nil {
		return err
	}
	if err := d.readAccounts(); err != nil {
		return err
	}
	if err := d.readRules(); err != nil {
		return err
	}
	if len(samples) == 0 {
		samples = []string{"-"}
	}
	if d.inSequence {
		d.shared = &sequence{}
	}
	for _, path := range samples {
		s, err := d.readSample(path)
		if err != nil {
			return err
		}
		if err := d.judge(s); err != nil {
			return failure{err}
		}
	}
	if d.undecidable {
		return errFailed
	}
	return nil
}

// readRules loads the set; its problems are printed as check prints them, errors end the verb.
func (d *dryRun) readRules() error {
	if d.cfg != nil && !d.given("rules") {
		d.rules = d.cfg.Rules
	}
	src, err := rules.Read(d.rules)
	if err != nil {
		return err
	}
	set, problems := rules.Compile(src)
	if set != nil && d.cfg != nil {
		problems = append(problems, d.cfg.Unmet(set.Needs())...)
	}
	if problems.HasErrors() {
		if err := problems.Text(d.stderr); err != nil {
			return failure{err}
		}
		return errFailed
	}
	d.set = set
	return nil
}

func (d *dryRun) readAccounts() error {
	for _, given := range d.accounts {
		id, username, ok := strings.Cut(given, "=")
		username = strings.TrimPrefix(username, "@")
		if !ok || id == "" || strings.Trim(id, "0123456789") != "" || username == "" {
			return fmt.Errorf("--account %q: give it as ID=USERNAME, such as 17841405726653026=bluebottle", given)
		}
		d.known[id] = rules.Account{ID: id, Username: username}
	}
	if d.config == "" {
		return nil
	}
	cfg, problems, err := config.Load(d.config, config.Options{SkipSecrets: true})
	if err != nil {
		return err
	}
	if problems.HasErrors() {
		if err := problems.Text(d.stderr); err != nil {
			return failure{err}
		}
		return fmt.Errorf("configuration %q is not usable", d.config)
	}
	d.cfg = cfg
	for _, a := range cfg.Accounts {
		account := rules.Account{ID: a.ID, Username: a.Username}
		d.nodes[a.ID] = a.Login.MessageNode(a.ID, a.PageID)
		d.aliases[a.ID] = a.Aliases
		for _, id := range append([]string{a.ID}, a.Aliases...) {
			d.known[id] = account
		}
	}
	return nil
}

func (d *dryRun) judge(s sample) error {
	if s.bare {
		d.address(s)
	}
	for _, i := range s.notification.Ignored {
		fmt.Fprintf(d.stderr, "%s: %s\n", s.name, ignoredWords(i))
	}
	for _, change := range s.notification.Changes {
		if change.Kind() == "" {
			fmt.Fprintf(d.stderr, "%s: field %q is not an event of ours\n", s.name, change.Field)
			continue
		}
		record, err := d.record(s, change)
		if errors.Is(err, ledger.ErrDecided) {
			fmt.Fprintf(d.stderr, "%s: %s came before in this sequence, and an event is judged once\n", s.name, change.Key(d.account(change).ID))
			continue
		}
		if err != nil {
			return err
		}
		record.Sample = s.name
		if err := d.print(record); err != nil {
			return err
		}
	}
	return nil
}

// ignoredWords say why a part of a sample isn't judged.
func ignoredWords(i instagram.Ignored) string {
	switch i.Reason {
	case instagram.IgnoredEmpty:
		return "there is no event in it"
	case instagram.IgnoredJunk:
		return fmt.Sprintf("junk %q: the daemon drops it too; ids are digits, and a change has a field and a value", i.Name)
	case instagram.IgnoredChangedFields:
		return fmt.Sprintf("it tells that %q changed, and not to what: \"Include Values\" is off in the app's webhook settings", i.Name)
	default:
		return fmt.Sprintf("%s %q is not an event of ours", i.Reason, i.Name)
	}
}

// account is ours that a change came to.
func (d *dryRun) account(change instagram.Change) rules.Account {
	if account, ok := d.known[change.EntryID]; ok {
		return account
	}
	return rules.Account{ID: change.EntryID}
}

// record judges one change as the daemon would, with what the sample and the flags tell in Meta's place.
func (d *dryRun) record(s sample, change instagram.Change) (ledger.Record, error) {
	account := d.account(change)
	received := change.Time
	if received.IsZero() {
		received = d.now().UTC().Truncate(time.Second)
	}
	event, texted := s.event(change, account, received)
	texted = d.standIn(&event) || texted
	event.Derive()
	switch {
	case change.EntryID == testEntry:
		return ledger.Unjudged(&event, ledger.VerdictSkipped, rules.BecauseTestEvent), nil
	case !texted:
		d.tellMissingText(s.name, &event)
		record := ledger.Unjudged(&event, ledger.VerdictError, rules.BecauseUndecidable)
		record.Revision = d.set.Revision()
		return record, nil
	}
	d.tellAssumptions(s.name, &event)
	record, err := d.conclude(s.name, &event, ledger.Terms{Aliases: d.aliases[account.ID], MessageNode: d.nodes[account.ID]})
	d.tellNode(&record)
	return record, err
}

// testEntry is the entry id that the dashboard's test button sends.
const testEntry = "0"

// standIn puts in what the flags say, where the sample is silent, and reports whether they told the event's text.
func (d *dryRun) standIn(event *rules.Event) bool {
	if event.Kind == platform.StoryInsights {
		return false // nobody wrote anything, and no call is made
	}
	if d.given("from") && event.From.Username == "" {
		event.From.Username = strings.TrimPrefix(d.from, "@")
	}
	if d.given("caption") && event.Media.Caption == "" {
		event.Media.Caption = d.caption
	}
	flag, value := "text", d.text
	if event.Kind == platform.CaptionMention {
		flag, value = "caption", d.caption
	}
	if !d.given(flag) {
		return false
	}
	if event.Text == "" {
		event.Text = value
	}
	return true
}

// tellMissingText says which text is missing and how to give it.
func (d *dryRun) tellMissingText(name string, event *rules.Event) {
	d.undecidable = true
	what, flag, answer := missingText(event)
	fmt.Fprintf(d.stderr, "%s: %s %s: the notification doesn't carry %s, so the rules can't judge it.\n"+
		"  give it with %s, or as a sample {\"webhook\": …, \"graph\": [%s]}\n", name, event.Kind, event.ID, what, flag, answer)
}

// tellAssumptions names, once each, what the rules read and nobody told.
func (d *dryRun) tellAssumptions(name string, event *rules.Event) {
	for _, fact := range enrich.Lacking(event, d.set.Reads(event.Kind)) {
		if fact != "text" {
			d.tellOnce(fmt.Sprintf("%s: the rules read %s, which the sample doesn't tell; it is taken as empty", name, fact))
		}
	}
	if event.Account.Username == "" && d.set.FiltersByUsername() {
		d.tellOnce(fmt.Sprintf("%s: the username of account %s is unknown; a rule's filter by username counts as met (give -c FILE or --account %s=USERNAME)",
			name, event.Account.ID, event.Account.ID))
	}
}

// tellNode says that a private reply may go out from another node than is shown.
func (d *dryRun) tellNode(record *ledger.Record) {
	id := record.Event.Account.ID
	private := func(a rules.Action) bool { return a.Action == rules.ActionPrivateReply }
	if d.nodes[id] == "" && slices.ContainsFunc(record.Actions, private) {
		d.tellOnce(fmt.Sprintf("the private replies of account %s are shown with its own node; with Facebook Login they go out from that of its Page (give -c FILE)", id))
	}
}

func (d *dryRun) tellOnce(line string) {
	if !d.told[line] {
		d.told[line] = true
		fmt.Fprintln(d.stderr, line)
	}
}

// decide judges an event at its own time.
func (d *dryRun) decide(event *rules.Event) rules.Decision {
	if d.explain {
		return d.set.Explain(event, event.Time)
	}
	return d.set.Survey(event, event.Time)
}

func (d *dryRun) print(record ledger.Record) error {
	switch {
	case d.output == "json":
		return printJSON(d.stdout, record)
	case d.explain:
		return printExplained(d.stdout, record, d.colours())
	default:
		return printRecord(d.stdout, record)
	}
}

// printJSON prints a record in one line, which can't steer a terminal either.
func printJSON(out io.Writer, record ledger.Record) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		return err
	}
	_, err := out.Write(problem.HarmlessJSON(b.Bytes()))
	return err
}
