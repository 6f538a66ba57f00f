package instagramtest

import (
	"strings"

	"github.com/answerback/answerback/rules/platform"
)

// instagramPath stands for the host graph.instagram.com, since the fake has one address only.
const instagramPath = "/graph.instagram.com"

// hostOf says for which login the Graph API was called, and the path there.
func hostOf(path string) (platform.Login, string) {
	if rest, ok := strings.CutPrefix(path, instagramPath); ok {
		return platform.InstagramLogin, rest
	}
	return platform.FacebookLogin, path
}

// lacks reports whether the account's node doesn't have the field by its login. Source: Meta's SDK, whose class for
// accounts with Instagram Login has no mentioned_comment and no mentioned_media.
func (f *Fake) lacks(a Account, field string) bool {
	return a.Login == platform.InstagramLogin && !f.o.MentionsWithInstagramLogin && strings.HasPrefix(field, "mentioned_")
}

// at gives the refusal the type that it has at the login's host, as far as it has one of its own. Source: answers that
// were captured.
func (r *refusal) at(host platform.Login) *refusal {
	made := *r
	if host == platform.InstagramLogin && made.kind == "" && made.code != 190 {
		made.kind = "IGApiException"
	}
	return &made
}
