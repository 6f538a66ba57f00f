package platform_test

import (
	"slices"
	"testing"

	"github.com/answerback/answerback/rules/platform"
)

func TestWhatALoginLacks(t *testing.T) {
	lacking := map[platform.Login][]platform.Kind{
		platform.FacebookLogin:  nil,
		platform.InstagramLogin: {platform.CommentMention, platform.CaptionMention, platform.StoryInsights},
		"":                      nil,
	}
	for login, kinds := range lacking {
		for _, kind := range platform.Kinds() {
			if lacks := login.Lacks(kind) != ""; lacks != slices.Contains(kinds, kind) {
				t.Errorf("%q lacks %s: %t", login, kind, lacks)
			}
		}
	}
}

func TestEachLoginHasAHost(t *testing.T) {
	for login, want := range map[platform.Login]string{
		platform.FacebookLogin: "https://graph.facebook.com", platform.InstagramLogin: "https://graph.instagram.com",
	} {
		if got := login.GraphURL(); got != want {
			t.Errorf("%s: %s", login, got)
		}
	}
}
