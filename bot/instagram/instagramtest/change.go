package instagramtest

import "context"

// Send posts one notification signed with the app's secret, as [Sender.Send].
func (f *Fake) Send(ctx context.Context, webhook string, body []byte) error {
	return f.sender.Send(ctx, webhook, body)
}

// Notify sends changes, as [Sender.Notify].
func (f *Fake) Notify(ctx context.Context, webhook string, changes ...Change) error {
	return f.sender.Notify(ctx, webhook, changes...)
}

// Sender is what the fake sends notifications with.
func (f *Fake) Sender() *Sender { return f.sender }

// CommentChange tells of a comment that was put in, as Meta tells the owner of its media: the value has text and author.
func (f *Fake) CommentChange(accountID, commentID string) Change {
	c, _ := f.comment(commentID)
	m, _ := f.mediaOf(c.MediaID)
	field, product := "comments", m.ProductType
	switch product {
	case "":
		product = "FEED"
	case "LIVE":
		field = "live_comments"
	}
	b := appendOptional([]byte{'{'}, "id", commentID)
	b = appendAuthor(b, c)
	b = appendString(appendKey(b, "text"), c.Text)
	media := appendOptional(appendOptional([]byte{'{'}, "id", c.MediaID), "media_product_type", product)
	b = append(append(appendKey(b, "media"), media...), '}')
	b = appendOptional(b, "parent_id", c.ParentID)
	return Change{Account: accountID, Field: field, Value: append(b, '}')}
}

// MentionChange tells of a mention: in a comment, or in the media's caption where commentID is empty. Text and author
// are not told.
func MentionChange(accountID, mediaID, commentID string) Change {
	b := appendOptional([]byte{'{'}, "media_id", mediaID)
	b = appendOptional(b, "comment_id", commentID)
	return Change{Account: accountID, Field: "mentions", Value: append(b, '}')}
}
