package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
)

// Mark is what a delivery is remembered by for the bounds of its rule: a hash of what was planned for whom. Nobody can
// be read out of it, so that it may be kept when a person's data is removed.
type Mark struct {
	// Hash is of the rule's name, the account, the bound and what it tells apart, not of how long or how often: an edit
	// of these goes on with what is known. Two marks are the same if their hashes are.
	Hash string
	// Until is when the mark has no meaning any more, as long as its bound stays as it is; zero: never.
	Until time.Time
}

// hashes are what a bound of the event's rule is remembered by: one for each of the users, or a single one if its parts
// don't tell users apart. An event of an unknown user has none for a bound that does.
func (b *bounds) hashes(kind rules.Because, parts []rules.Part, users []identity) []string {
	if !slices.Contains(parts, rules.PerUser) {
		return []string{b.hash(kind, parts, identity{})}
	}
	hashes := make([]string, 0, len(users))
	for _, user := range users {
		hashes = append(hashes, b.hash(kind, parts, user))
	}
	return hashes
}

// hash is of all that the bound tells apart, in an order that doesn't depend on how its author wrote it.
func (b *bounds) hash(kind rules.Because, parts []rules.Part, user identity) string {
	fields := []string{"answerback mark 1", string(kind), b.rule, b.event.Account.ID}
	if slices.Contains(parts, rules.PerMedia) {
		fields = append(fields, string(rules.PerMedia), mediaOf(b.event))
	}
	if slices.Contains(parts, rules.PerThread) {
		thread, _ := Conversation(b.event)
		fields = append(fields, string(rules.PerThread), thread)
	}
	if slices.Contains(parts, rules.PerDay) {
		fields = append(fields, string(rules.PerDay), dayOf(b.now, b.Zone).Format(time.DateOnly))
	}
	if !user.none() {
		fields = append(fields, string(rules.PerUser), user.by, user.value)
	}
	return hashOf(fields)
}

// mediaOf is the media as bounds tell it apart: an ad counts as the media that it was made of.
func mediaOf(event *rules.Event) string {
	if event.Media.OriginalID != "" {
		return event.Media.OriginalID
	}
	return event.Media.ID
}

// hashOf is a short hash of the fields, each with its length before it: what strangers chose can't pass for another
// field.
func hashOf(fields []string) string {
	var whole []byte
	for _, field := range fields {
		whole = binary.AppendUvarint(whole, uint64(len(field)))
		whole = append(whole, field...)
	}
	sum := sha256.Sum256(whole)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
