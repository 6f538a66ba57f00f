package instagram

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/platform"
)

// maxIgnored bounds what a hostile body can make of memory: a part may be as short as three bytes.
const maxIgnored = 10_000

// validText is the text of a JSON body: valid UTF-8, nested no deeper than encoding/json allows (10,000). A byte order
// mark, as editors put before a saved sample, is dropped.
func validText(body []byte) (string, error) {
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	if !json.Valid(body) {
		return "", ErrJSON
	}
	return string(body), nil
}

// parser collects a notification's parts while it walks.
type parser struct {
	walker
	n         Notification
	envelopes int
	bare      bool
	// raws holds the Raw of all changes, one after the other.
	raws []byte
}

func (p *parser) ignore(reason, name string) {
	switch {
	case len(p.n.Ignored) < maxIgnored:
		p.n.Ignored = append(p.n.Ignored, Ignored{reason, cut(name, 64)})
	case len(p.n.Ignored) == maxIgnored:
		p.n.Ignored = append(p.n.Ignored, Ignored{IgnoredJunk, "too many parts"})
	}
}

// envelope reads {"object": …, "entry": […]}. Whose entries they are is known only at its end.
func (p *parser) envelope() {
	changes, ignored := len(p.n.Changes), len(p.n.Ignored)
	var object string
	var hasObject, hasEntry, hasField bool
	for key := range p.members() {
		switch key {
		case "object":
			object, hasObject = p.word(), true
		case "entry":
			p.n.Changes, p.n.Ignored = p.n.Changes[:changes], p.n.Ignored[:ignored]
			hasEntry = true
			p.entries()
		case "field":
			hasField = true
		}
	}
	p.bare = p.bare || hasField
	if !hasObject && !hasEntry {
		p.ignore(IgnoredJunk, "envelope")
		return
	}
	p.envelopes++
	if object != "instagram" {
		p.n.Changes, p.n.Ignored = p.n.Changes[:changes], p.n.Ignored[:ignored]
		p.ignore(IgnoredObject, object)
	} else if !hasEntry {
		p.ignore(IgnoredEmpty, "entry")
	}
}

// expect notes as junk what is at hand and begins otherwise than it should, unless it is null: what is passed as nothing
// may have been something.
func (p *parser) expect(begin byte, name string) {
	if c := p.at(); c != begin && c != 'n' {
		p.ignore(IgnoredJunk, name)
	}
}

func (p *parser) entries() {
	ignored := len(p.n.Ignored)
	some := false
	p.expect('[', "entry")
	for range p.elements() {
		some = true
		p.entry()
	}
	if !some && len(p.n.Ignored) == ignored {
		p.ignore(IgnoredEmpty, "entry")
	}
}

// entry reads one account's part.
func (p *parser) entry() {
	changes, ignored := len(p.n.Changes), len(p.n.Ignored)
	p.expect('{', "entry")
	var id, sent string
	var flat pending
	for key := range p.members() {
		switch key {
		case "id":
			id = p.word()
		case "time":
			sent = p.word()
		case "changes":
			p.n.Changes = p.n.Changes[:changes]
			p.expect('[', key)
			for range p.elements() {
				p.change()
			}
		case "field", "value":
			p.part(key, &flat)
		case "messaging", "standby":
			p.messages(key)
		case "changed_fields":
			p.expect('[', key)
			for range p.elements() {
				p.ignore(IgnoredChangedFields, p.word())
			}
		}
	}
	if flat.field != "" {
		p.add(flat)
	}
	p.address(changes, id, sent)
	if len(p.n.Changes) == changes && len(p.n.Ignored) == ignored {
		p.ignore(IgnoredEmpty, "entry")
	}
}

// address gives an entry's changes the entry's id and time, which may stand behind them.
func (p *parser) address(from int, id, sent string) {
	if !isID(id) {
		for range p.n.Changes[from:] {
			p.ignore(IgnoredJunk, "entry id")
		}
		p.n.Changes = p.n.Changes[:from]
		return
	}
	at := entryTime(sent)
	for i := range p.n.Changes[from:] {
		p.n.Changes[from+i].EntryID, p.n.Changes[from+i].Time = id, at
	}
}

// messageKinds are the keys that say what an item of messaging[] is. Source: Meta's page "Instagram webhooks, examples".
var messageKinds = []string{"message", "message_edit", "reaction", "postback", "referral", "read", "optin"}

// messages passes direct messages, noting of what kind they were.
func (p *parser) messages(list string) {
	p.expect('[', list)
	for range p.elements() {
		kind := list
		for key := range p.members() {
			if slices.Contains(messageKinds, key) {
				kind = key
			}
		}
		p.ignore(IgnoredMessaging, kind)
	}
}

// pending is a change that is being read; its keys come in any order.
type pending struct {
	field string
	value Value
	// span is the value's text, "" if there was none or null; loose if it holds white space.
	span  string
	loose bool
	// defect is the first thing wrong with the value.
	defect string
}

func (p *parser) change() {
	var c pending
	for key := range p.members() {
		p.part(key, &c)
	}
	p.add(c)
}

// part reads one of the two keys of a change.
func (p *parser) part(key string, c *pending) {
	switch key {
	case "field":
		c.field = p.word()
	case "value":
		outer := p.loose
		p.loose = false
		start := p.i
		c.value, c.defect, c.span = Value{}, "", ""
		switch p.at() {
		case '{':
			c.value, c.defect = p.value()
		case 'n':
			p.skip()
			p.loose = outer
			return
		default:
			p.skip()
			c.defect = "value"
		}
		c.span, c.loose = p.s[start:p.i], p.loose
		p.loose = outer || c.loose
	}
}

// add notes a change, or why it isn't one.
func (p *parser) add(c pending) {
	change := Change{Field: c.field, Value: c.value}
	switch {
	case c.field == "":
		p.ignore(IgnoredJunk, "field")
	case !isOurs(c.field):
		p.ignore(IgnoredField, c.field)
	case c.span == "":
		p.ignore(IgnoredEmpty, c.field)
	case c.defect != "":
		p.ignore(IgnoredJunk, c.defect)
	case c.value.CommentID == "" && (change.Kind() == platform.Comment || change.Kind() == platform.LiveComment):
		p.ignore(IgnoredJunk, "no comment id")
	case c.value.MediaID == "" && change.Kind() != platform.Comment && change.Kind() != platform.LiveComment:
		p.ignore(IgnoredJunk, "no media id")
	default:
		change.Raw = p.raw(c)
		p.n.Changes = append(p.n.Changes, change)
	}
}

// raw writes a change as the store keeps it.
func (p *parser) raw(c pending) json.RawMessage {
	start := len(p.raws)
	p.raws = append(p.raws, `{"field":"`...)
	p.raws = append(p.raws, c.field...)
	p.raws = append(p.raws, `","value":`...)
	if c.loose {
		compact := bytes.NewBuffer(p.raws)
		// It was found valid before, so there is no error to come.
		_ = json.Compact(compact, []byte(c.span))
		p.raws = compact.Bytes()
	} else {
		p.raws = append(p.raws, c.span...)
	}
	p.raws = append(p.raws, '}')
	return json.RawMessage(p.raws[start:len(p.raws):len(p.raws)])
}
