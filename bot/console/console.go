// Package console is windows on the bot, and a few switches: what an operator, a load balancer or a monitor asks the
// running daemon over HTTP. It shows and switches nothing by itself. What there is to see and to do comes in through
// the fields of [Options], so that the console knows no other part of the bot, and each answer can be tested without
// one.
//
//	GET  /healthz    the process is alive: 200, whatever else is wrong
//	GET  /readyz     it takes in notifications: 200, or 503 with the reasons, one a line
//	GET  /metrics    counters and histograms, for Prometheus
//	POST /-/reload   the rules are read again: 200, or 422 with what is wrong with them
//	GET  /           this list
//
// The console can switch things, so it is guarded like a door (guard.go), also on a machine of one's own: a web page in
// the operator's browser reaches 127.0.0.1 as well as he does.
//
//   - /healthz and /readyz are open. All else needs the token, where one is set, as `Authorization: Bearer`. On an
//     address that others can reach there is no console without one.
//   - A request for a name that the console doesn't go by is refused: that is how a page whose name was made to point
//     here (DNS rebinding) gives itself away. See [Options].Hosts for the names.
//   - A POST that another site's page sends is refused ([http.CrossOriginProtection]).
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/answerback/answerback/rules/problem"
)

// Options are what a console shows and switches.
type Options struct {
	// Listen is the address that the console's listener is bound to, as host:port. It decides which names the console
	// goes by, and whether it may do without a token.
	Listen string
	// Hosts are further names that the console goes by, as behind a proxy. Without them it answers, whatever the
	// port, to localhost and loopback addresses, and, where it doesn't listen on loopback, to its host in Listen and
	// to any IP address: a page can make its own name point here, but can't make an address its own.
	Hosts []string
	// Token is what all but health and readiness asks for; empty: nothing does.
	Token string
	// Health tells the bot's state. Reasons say why it doesn't take in notifications; none: it does. Notes say what is
	// wrong without keeping it from its work: an edit of the rules that was rejected, an account that stands still.
	Health func(context.Context) (reasons, notes []string)
	// Rules tells the revision of the set that decides, and how many rules it has.
	Rules func() (revision string, rules int)
	// Reload has the rules read again, returns when they were, and tells what is wrong with them. With errors among the
	// problems, or where they could not even be read, the set before goes on deciding.
	Reload func(context.Context) (problem.List, error)
	// Metrics shows the metrics.
	Metrics http.Handler
}

// New makes the console. It is an error to have none to guard it: an address that isn't loopback needs a token.
func New(o Options) (http.Handler, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("address of the console: %w", err)
	}
	if !isLoopback(host) && o.Token == "" {
		return nil, errors.New("a console on an address that others can reach needs a token")
	}
	if o.Health == nil || o.Rules == nil || o.Reload == nil || o.Metrics == nil {
		return nil, errors.New("a console has nothing to show: health, rules, reload or metrics are missing")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.Handle("GET /readyz", ready(o.Health))
	mux.Handle("GET /metrics", o.Metrics)
	mux.Handle("POST /-/reload", reload(o.Reload, o.Rules))
	mux.HandleFunc("GET /{$}", index)

	inside := http.NewCrossOriginProtection().Handler(withToken(o.Token, mux))
	return withHeaders(withHost(newNames(host, o.Hosts), inside)), nil
}

const contents = `answerback

GET  /healthz    is the process alive
GET  /readyz     does it take in notifications
GET  /metrics    for Prometheus
POST /-/reload   read the rules again
`

func index(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusOK, contents)
}

func alive(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusOK, "ok\n")
}

func ready(health func(context.Context) (reasons, notes []string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reasons, notes := health(r.Context())
		var lines strings.Builder
		status := http.StatusOK
		if len(reasons) > 0 {
			status = http.StatusServiceUnavailable
		} else {
			lines.WriteString("ready\n")
		}
		for _, reason := range reasons {
			lines.WriteString("not ready: " + oneLine(reason) + "\n")
		}
		for _, note := range notes {
			lines.WriteString("note: " + oneLine(note) + "\n")
		}
		say(w, status, lines.String())
	})
}

// oneLine keeps a text to the line it is given.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// say answers with plain text. That a client is gone needs no answer.
func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
