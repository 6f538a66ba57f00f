package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// grow fills the database with so many answered events, as they would be after years.
func grow(b *testing.B, store *Store, n int) {
	b.Helper()
	numbers := fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, n)
	err := store.writer.do(b.Context(), func(tx *tx) error {
		for _, text := range []string{
			numbers + `INSERT OR IGNORE INTO keys SELECT random(), i FROM n`,
			numbers + `INSERT INTO entries SELECT i, '17841405726653026/comment/' || (17900000000000000 + i), '17841405726653026',
				17900000000000000 + i, zeroblob(250), i, i, 1, i, 'reply', '', 'price', 'live', '3f2a9c4e1b7d', zeroblob(600), x'7b7d' FROM n`,
			numbers + `INSERT INTO deliveries (id, account, media, conversation, rule, text, request, received, entered, due, expires, state,
				attempts, began, ended, posted_id, reason, because, variant, author, username, approved, marks) SELECT i * 16, '17841405726653026', i % 1000, 'thread/' || i, 'price', 'hello', x'7b7d',
				i, i, i, i, 'posted', 1, i, i, 18000000000000000 + i, '', '', 'first', i % 100000, 'user' || i % 100000, 0, NULL FROM n`,
			numbers + `INSERT INTO marks SELECT hex(randomblob(16)), i, i * 16, 0 FROM n`,
		} {
			insert, err := tx.conn.prepare(text)
			if err != nil {
				return err
			}
			if _, err := insert.exec(); err != nil {
				return err
			}
			tx.nextSeq = int64(n) + 1
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLarge measures what must not grow with the table: becoming ready, and an event's way.
func BenchmarkLarge(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.db")
	store, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	grow(b, store, 1_000_000)
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}

	b.Run("ready", func(b *testing.B) {
		for b.Loop() {
			becomeReady(b, path)
		}
	})
	b.Run("history", func(b *testing.B) {
		store, err := Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		defer store.Close()
		event := &rules.Event{Kind: platform.Comment}
		event.Account.ID, event.Media.ID, event.Comment.ID = "17841405726653026", "5", "5"
		event.From = rules.From{ID: "5", Username: "user5"}
		want := rules.History{UserReplies: 10, MediaReplies: 1000, ThreadReplies: 1}
		for b.Loop() {
			if got, err := store.History(b.Context(), event, 0, time.Time{}); err != nil || got != want {
				b.Fatalf("%+v, %v", got, err)
			}
		}
	})
	b.Run("way", func(b *testing.B) {
		store, err := Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		defer store.Close()
		for i := 0; b.Loop(); i++ {
			goAllTheWay(b, store, fmt.Sprint(time.Now().UnixNano(), i))
		}
	})
}

// becomeReady does what a start of the program asks of the store.
func becomeReady(b *testing.B, path string) {
	store, err := Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Recover(b.Context(), time.Now(), time.Minute); err != nil {
		b.Fatal(err)
	}
	if _, err := store.SentTimes(b.Context(), "17841405726653026", rules.ActionReply, false, time.Now().Add(-time.Hour)); err != nil {
		b.Fatal(err)
	}
	if _, err := store.NextDue(b.Context()); err != nil {
		b.Fatal(err)
	}
	if _, err := store.NextDelivery(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func goAllTheWay(b *testing.B, store *Store, key string) {
	now := time.Now()
	if _, err := store.Accept(b.Context(), []inbox.Arrival{{Key: key, Thread: key, Received: now}}); err != nil {
		b.Fatal(err)
	}
	items, err := store.Claim(b.Context(), share.Of(1), now, time.Minute)
	if err != nil {
		b.Fatal(err)
	}
	_, err = store.Enter(b.Context(), items[0].Seq, func(book ledger.Book) (ledger.Entry, error) {
		if _, err := book.SentID("17841405726653026", key); err != nil {
			return ledger.Entry{}, err
		}
		if _, err := book.RepliesIn("17841405726653026", "thread/5", time.Time{}); err != nil {
			return ledger.Entry{}, err
		}
		if _, err := book.Marked(ledger.Mark{Hash: key}, 1); err != nil {
			return ledger.Entry{}, err
		}
		_, err := book.LastVariant("17841405726653026", "5", "price")
		return ledger.Entry{Record: ledger.Record{Verdict: ledger.VerdictNoMatch}, Now: now}, err
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := store.Expire(b.Context(), now); err != nil {
		b.Fatal(err)
	}
}
