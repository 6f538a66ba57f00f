package sqlite

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// person is somebody by all that they are known by.
type person struct{ ids, names []string }

// personBy is who somebody asked for: an id or a name.
func personBy(user string) person {
	user = strings.TrimPrefix(strings.TrimSpace(user), "@")
	return person{ids: []string{user}, names: []string{strings.ToLower(user)}}
}

// is reports whether the person is meant. Where there is an id, a name doesn't count.
func (p *person) is(user rules.From) bool {
	if user.ID != "" {
		return slices.Contains(p.ids, user.ID)
	}
	return user.Username != "" && p.has(user.Username)
}

func (p *person) has(name string) bool { return slices.Contains(p.names, strings.ToLower(name)) }

// learn adds what else the one who was asked for is called.
func (p *person) learn(asked *person, user rules.From) {
	if !slices.Contains(asked.ids, user.ID) && !asked.has(user.Username) {
		return
	}
	if user.ID != "" && !slices.Contains(p.ids, user.ID) {
		p.ids = append(p.ids, user.ID)
	}
	if name := strings.ToLower(user.Username); name != "" && !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
}

// mention is how a text names somebody.
var mention = regexp.MustCompile(`@[\p{L}\p{N}._]+`)

// named reports whether a text names the person. A full stop may end the sentence instead of the name.
func (p *person) named(text string) bool {
	return slices.ContainsFunc(mention.FindAllString(text, -1), func(m string) bool {
		return p.has(m[1:]) || p.has(strings.TrimRight(m[1:], "."))
	})
}

// told is what a change or facts tell of people.
type told struct {
	From  rules.From `json:"from"`
	Media struct {
		Owner string `json:"owner"`
	} `json:"media"`
}

// toldBy reads who an event is of: by its facts, else by its change, as Meta sent it. What can't be read tells nothing.
func toldBy(change, facts []byte) told {
	var value struct {
		Value told `json:"value"`
	}
	_ = json.Unmarshal(change, &value)
	t := told{From: value.Value.From}
	var kept told
	if json.Unmarshal(facts, &kept) == nil {
		t.Media = kept.Media
		if kept.From != (rules.From{}) {
			t.From = kept.From
		}
	}
	return t
}

// blankFacts are facts that tell nothing any more of who wrote what.
func blankFacts(facts []byte) ([]byte, error) {
	var event rules.Event
	if facts == nil || json.Unmarshal(facts, &event) != nil {
		return nil, nil
	}
	media := event.Media
	return json.Marshal(rules.Event{Kind: event.Kind, Time: event.Time, Account: event.Account, Media: rules.Media{
		ID: media.ID, Type: media.Type, ProductType: media.ProductType, IsOwn: media.IsOwn, IsAd: media.IsAd, OriginalID: media.OriginalID,
	}})
}

// blankMedia are facts without what the owner of the media is called and wrote.
func blankMedia(facts []byte) ([]byte, error) {
	var event rules.Event
	if err := json.Unmarshal(facts, &event); err != nil {
		return nil, err
	}
	event.Media.Owner, event.Media.Caption, event.Media.Permalink, event.Media.Hashtags = "", "", "", nil
	return json.Marshal(event)
}

// blankRest takes away the texts of the actions, where they are to go, and what the rules were held up by.
func blankRest(text []byte, goes func(rules.Action) bool) (blanked []byte, changed bool, err error) {
	var kept rest
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, false, err
	}
	for i, action := range kept.Actions {
		if goes(action) {
			kept.Actions[i] = rules.Action{Action: action.Action, Delay: action.Delay}
			changed = true
		}
	}
	if changed || len(kept.Actions) == 0 {
		for i := range kept.Rules {
			kept.Rules[i].Detail = ""
		}
	}
	blanked, err = json.Marshal(kept)
	return blanked, changed, err
}

// add sums up.
func add(sum *ledger.Forgotten, f ledger.Forgotten) {
	sum.Open += f.Open
	sum.Events += f.Events
	sum.Cancelled += f.Cancelled
	sum.Naming += f.Naming
	sum.Busy += f.Busy
}
