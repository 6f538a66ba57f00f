package platform

// Meaning is what happened in an event of the kind, for authors; empty if there is no such kind.
func (k Kind) Meaning() string {
	switch k {
	case CommentMention:
		return "somebody mentioned your account in a comment on somebody else's media"
	case CaptionMention:
		return "somebody mentioned your account in the caption of their media"
	case Comment:
		return "somebody commented on your own media"
	case LiveComment:
		return "somebody commented on your live broadcast; it can't be answered publicly"
	case StoryInsights:
		return "a story of yours has ended, and these are its figures; nobody can be answered"
	}
	return ""
}
