package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/problem"
)

// reloadWithin is how long a reload may take before its request is answered without it.
const reloadWithin = 30 * time.Second

// reload has the rules read again and tells what came of it: 200, or 422 where the set before goes on deciding, with
// the problems as `check` prints them, or as its JSON where the request asks for that. 503 says that it can't be told:
// the daemon stops, or reading takes too long.
func reload(do func(context.Context) (problem.List, error), active func() (string, int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), reloadWithin)
		defer cancel()
		problems, err := do(ctx)
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			say(w, http.StatusServiceUnavailable, "the rules were not reloaded in time\n")
			return
		}
		if err != nil {
			problems = append(slices.Clone(problems), problem.Problem{Severity: problem.Error, Message: err.Error()})
		}
		answer := inText
		if wantsJSON(r.Header.Values("Accept")) {
			answer = inJSON
		}
		revision, rules := active()
		answer(w, problems, revision, rules)
	})
}

func inJSON(w http.ResponseWriter, problems problem.List, _ string, rules int) {
	var out bytes.Buffer
	// Writing to memory doesn't fail.
	_ = problems.JSON(&out, !problems.HasErrors(), rules)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status(problems))
	_, _ = w.Write(out.Bytes())
}

func inText(w http.ResponseWriter, problems problem.List, revision string, rules int) {
	var out bytes.Buffer
	_ = problems.Text(&out)
	how := "are active"
	if problems.HasErrors() {
		how = "go on, nothing was reloaded"
	}
	fmt.Fprintf(&out, "rules %s %s: %d rules\n", revision, how, rules)
	say(w, status(problems), out.String())
}

func status(problems problem.List) int {
	if problems.HasErrors() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// wantsJSON reports whether a request's Accept puts JSON first. Text is for those who don't say: people with curl.
func wantsJSON(accept []string) bool {
	var json, text float64
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			quality = q
		}
		switch kind {
		case "application/json":
			json = max(json, quality)
		case "text/plain", "text/*":
			text = max(text, quality)
		}
	}
	return json > 0 && json >= text
}
