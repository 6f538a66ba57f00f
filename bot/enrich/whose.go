package enrich

import (
	"context"
	"errors"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// maybeMention reports whether a comment may be on somebody else's media. With Instagram Login, Meta's documentation has
// a mention come as `comments`, where else only comments on own media do; nothing in the notification tells the two
// apart but that the account's name stands in the text. An ad's media is own, and often can't be read.
func maybeMention(account instagram.Account, e *rules.Event) bool {
	return account.Login == platform.InstagramLogin && e.Kind == platform.Comment && !e.Media.IsAd && e.Media.ID != "" &&
		names(e.Text, account.Username)
}

// settleWhose finds out whose media a comment that may be a mention is on, by reading it: Meta shows an account only its
// own. If it isn't the account's, the event is a mention and is answered as one. To be wrong is safe: Meta takes an
// answer to a mention only on media of others, and a reply only on own ones.
func settleWhose(ctx context.Context, graph instagram.Reader, account instagram.Account, e *rules.Event, reads []string) error {
	fields := mediaFields([]string{"id", "username"}, Lacking(e, reads))
	m, err := graph.Media(ctx, account, e.Media.ID, fields)
	var refused *instagram.Error
	switch {
	case err == nil && (m.Username == "" || strings.EqualFold(m.Username, account.Username)):
		AddMedia(e, m)
		return nil
	case err == nil, errors.As(err, &refused) && refused.Class == instagram.ClassGone:
		e.Kind = platform.CommentMention
		e.Media.IsOwn, e.Media.Owner = false, m.Username
		return nil
	case unreadable(err):
		return nil
	default:
		return err
	}
}

// names reports whether a text has the account's name in it, by itself. The "@" doesn't count: Meta strips it elsewhere.
func names(text, username string) bool {
	rest, username := strings.ToLower(text), strings.ToLower(username)
	for username != "" {
		before, after, found := strings.Cut(rest, username)
		if !found {
			return false
		}
		// A dot belongs to a name only if it goes on behind it.
		follows := strings.TrimLeft(after, ".")
		if !(before != "" && inName(before[len(before)-1])) && !(follows != "" && inName(follows[0])) {
			return true
		}
		rest = rest[len(before)+1:]
	}
	return false
}

func inName(c byte) bool { return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }
