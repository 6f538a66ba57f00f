package instagram

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// field is a Graph field, with those asked of what it names: "media{id,caption}".
type field struct {
	name string
	subs []string
}

// nonexisting is how Meta refuses a field: "(#100) Tried accessing nonexisting field (username) on node type (…)".
var nonexisting = regexp.MustCompile(`nonexist\w* field \((\w+)\)(?: on node type \((\w+)\))?`)

// needed are the fields without which an answer is of no use. They are dropped only where they are refused by name,
// and "id" never.
var needed = []string{"id", "text", "caption", "timestamp"}

// refusedOf lists which of the asked fields to do without after an error: the one that it names, or all that aren't
// needed. A field of the media is "media.…".
func (e *Error) refusedOf(asked []field, named bool) []string {
	if e.Code != 100 || !strings.Contains(e.Message, "nonexist") && !strings.Contains(e.Message, "must be one of") {
		return nil
	}
	if m := nonexisting.FindStringSubmatch(e.Message); m != nil && named && m[1] != "id" {
		if found := occurrences(asked, m[1], m[2]); len(found) > 0 {
			return found
		}
	}
	var optional []string
	for _, f := range asked {
		if !slices.Contains(needed, f.name) {
			optional = append(optional, f.name)
		}
	}
	return optional
}

// occurrences are the places at which a name is asked for on a node of the given type. Meta's names of types are not
// documented; where they tell a comment from a media they are believed.
func occurrences(asked []field, name, nodeType string) []string {
	nodeType = strings.ToLower(nodeType)
	onComment := strings.Contains(nodeType, "comment")
	onMedia := strings.Contains(nodeType, "media") && !onComment
	var top, nested []string
	for _, f := range asked {
		if f.name == name {
			top = append(top, name)
		}
		if name != "id" && slices.Contains(f.subs, name) {
			nested = append(nested, f.name+"."+name)
		}
	}
	switch {
	case onComment && len(top) > 0:
		return top
	case onMedia && len(nested) > 0:
		return nested
	default:
		return append(top, nested...)
	}
}

// parseField splits "media{id,caption}".
func parseField(s string) field {
	name, rest, ok := strings.Cut(s, "{")
	if !ok {
		return field{name: s}
	}
	return field{name: name, subs: strings.Split(strings.TrimSuffix(rest, "}"), ",")}
}

// forgetRefusals is how long a refused field isn't asked for: a permission may be granted meanwhile.
const forgetRefusals = time.Hour

// refusals remembers which fields Meta refused, by account and edge.
type refusals struct {
	mu    sync.RWMutex
	known map[refusalKey]map[string]time.Time
}

type refusalKey struct{ account, edge string }

// without gives the fields to ask for: "id" first, then the wanted ones but for those refused within the last hour.
func (r *refusals) without(account, edge string, wanted []string, now time.Time) []field {
	r.mu.RLock()
	defer r.mu.RUnlock()
	refused := r.known[refusalKey{account, edge}]
	is := func(name string) bool {
		at, ok := refused[name]
		return ok && now.Sub(at) < forgetRefusals
	}
	fields := make([]field, 1, len(wanted)+1)
	fields[0].name = "id"
	for _, s := range wanted {
		f := parseField(s)
		if f.name == "id" || is(f.name) {
			continue
		}
		if f.subs != nil && len(refused) > 0 {
			f.subs = slices.DeleteFunc(f.subs, func(sub string) bool { return is(f.name + "." + sub) })
			if len(f.subs) == 0 {
				continue
			}
		}
		fields = append(fields, f)
	}
	return fields
}

// has reports whether the name was refused within the last hour. An edge that isn't served at all is refused by its own
// name.
func (r *refusals) has(account, edge, name string, now time.Time) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	at, ok := r.known[refusalKey{account, edge}][name]
	return ok && now.Sub(at) < forgetRefusals
}

func (r *refusals) add(account, edge string, names []string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := refusalKey{account, edge}
	if r.known == nil {
		r.known = map[refusalKey]map[string]time.Time{}
	}
	if r.known[key] == nil {
		r.known[key] = map[string]time.Time{}
	}
	for _, name := range names {
		r.known[key][name] = now
	}
}
