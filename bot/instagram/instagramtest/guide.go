package instagramtest

import "fmt"

// The two mentions of Meta's guide "Webhooks for Instagram". GuideAccountID's username is "bluebottle".
const (
	GuideAccountID = "17841405726653026"
	GuideUsername  = "bluebottle"
	GuideMediaID   = "17918195224117851"
	GuideCommentID = "17894227972186120"
)

// AddGuide puts in the media and the comment of the guide, as a stranger's of now. The account isn't part of it.
func (f *Fake) AddGuide() {
	f.AddMedia(Media{ID: GuideMediaID, Owner: "macleod", Caption: "@bluebottle There can be only one!", Type: "IMAGE"})
	f.AddComment(Comment{ID: GuideCommentID, MediaID: GuideMediaID, FromID: "17841400000000917", Username: "ramirez", Text: "@bluebottle challenge?"})
}

// GuideMentionInComment is the guide's notification of a mention in a comment, in its array form, as sent now.
func (f *Fake) GuideMentionInComment() []byte {
	return f.guide(`{"comment_id":"` + GuideCommentID + `","media_id":"` + GuideMediaID + `"}`)
}

// GuideMentionInCaption is the guide's notification of a mention in a caption.
func (f *Fake) GuideMentionInCaption() []byte {
	return f.guide(`{"media_id":"` + GuideMediaID + `"}`)
}

func (f *Fake) guide(value string) []byte {
	return fmt.Appendf(nil, `[{"entry":[{"changes":[{"field":"mentions","value":%s}],"id":%q,"time":%d}],"object":"instagram"}]`,
		value, GuideAccountID, f.o.Now().Unix())
}
