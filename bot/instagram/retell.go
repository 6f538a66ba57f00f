package instagram

import (
	"encoding/json"
	"fmt"
)

// Retell gives the change that a `comments` notification would have brought of a comment on the account's own media: the
// same key, rank, thread and text. Time is the comment's own, since no notification was sent. Source of the form: Meta's
// page "Instagram webhooks, examples".
func Retell(account string, media Media, c Comment) (Change, error) {
	type named struct {
		ID       string `json:"id,omitempty"`
		Username string `json:"username,omitempty"`
	}
	type about struct {
		ID          string `json:"id"`
		ProductType string `json:"media_product_type,omitempty"`
	}
	type value struct {
		ID       string `json:"id"`
		ParentID string `json:"parent_id,omitempty"`
		Text     string `json:"text"`
		From     *named `json:"from,omitempty"`
		Media    about  `json:"media"`
	}
	v := value{ID: c.ID, ParentID: c.ParentID, Text: c.Text, Media: about{media.ID, media.ProductType}}
	if c.FromID != "" || c.Username != "" {
		v.From = &named{c.FromID, c.Username}
	}
	raw, err := json.Marshal(struct {
		Field string `json:"field"`
		Value value  `json:"value"`
	}{"comments", v})
	if err != nil {
		return Change{}, fmt.Errorf("comment %q: %w", c.ID, err)
	}
	change, err := ParseChange(raw)
	if err != nil {
		return Change{}, fmt.Errorf("comment %q: %w", c.ID, err)
	}
	change.EntryID, change.Time = account, c.Timestamp
	return change, nil
}
