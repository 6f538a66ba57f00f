package instagramtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/platform"
)

// isTied reports whether a call is about how an account is tied to the app.
func (c *call) isTied(f *Fake) bool {
	t := f.TieOf(c.account.ID)
	return c.app || c.edge == "subscribed_apps" || c.edge == "subscriptions" || c.edge == "" &&
		(c.node == "" || c.node == "me" || c.node == "debug_token" || t.PageID != "" && c.node == t.PageID)
}

// tied serves such a call.
func (f *Fake) tied(c *call) (answer, *refusal) {
	t := f.TieOf(c.account.ID)
	switch {
	case c.Method == http.MethodPost && c.node == "" && c.edge == "":
		return f.batch(c)
	case c.edge == "subscribed_apps":
		return f.subscribedApps(c, t)
	case c.Method != http.MethodGet:
		return answer{}, ptr(missing(strings.ToLower(c.Method), c.node))
	case c.node == "debug_token":
		return f.debugToken(c)
	case c.edge == "subscriptions":
		return f.subscriptions(c)
	case c.node == "me" && t.Login == platform.InstagramLogin:
		return f.me(c, t)
	case c.node == t.PageID && t.PageID != "":
		return f.page(c, t)
	}
	return answer{}, ptr(missing("get", c.node))
}

// batch serves several calls in one. Source: guide "Batch Requests".
func (f *Fake) batch(c *call) (answer, *refusal) {
	var asked []struct {
		Method string `json:"method"`
		URL    string `json:"relative_url"`
	}
	err := json.Unmarshal([]byte(c.Form.Get("batch")), &asked)
	delete(c.Form, "batch") // the journal holds no tokens
	if err != nil || len(asked) == 0 || len(asked) > 50 {
		return answer{}, ptr(invalid("batch must be an array of 1 to 50 requests"))
	}
	type answered struct {
		Code int    `json:"code"`
		Body string `json:"body"`
	}
	var all []answered
	for _, a := range asked {
		path, query, _ := strings.Cut(a.URL, "?")
		inner := call{Request: Request{Method: a.Method, Path: "/" + path, At: c.At}, account: c.account, host: c.host, app: c.app, trace: c.trace}
		inner.node, inner.edge, _ = strings.Cut(path, "/")
		inner.Query, _ = url.ParseQuery(query)
		inner.Form = url.Values{}
		one := f.dispatch(&inner, nil)
		all = append(all, answered{one.status, string(one.body)})
	}
	body, err := json.Marshal(all)
	if err != nil {
		return answer{}, ptr(invalid(err.Error()))
	}
	return answer{status: 200, body: body}, nil
}

// debugToken serves GET /debug_token, to the app only. Source: reference "Debug Token".
func (f *Fake) debugToken(c *call) (answer, *refusal) {
	token := take(c, "input_token")
	if !c.app {
		return answer{}, ptr(invalid("You must provide an app access token, or a user access token that is an owner or developer of the app"))
	}
	account, _, known := f.world.bearer(token)
	if !known {
		return answerJSON(map[string]any{"data": map[string]any{
			"is_valid": false, "scopes": []string{}, "error": map[string]any{"code": 190, "message": "Invalid OAuth access token."},
		}})
	}
	t := f.TieOf(account.ID)
	if t.TokenApp != "" && t.TokenApp != f.appID() {
		return answer{}, ptr(invalid("The App_id in the input_token did not match the Viewing App"))
	}
	var granular []map[string]any
	for _, scope := range t.Scopes {
		one := map[string]any{"scope": scope}
		if ids := t.Targets[scope]; len(ids) > 0 {
			one["target_ids"] = ids
		}
		granular = append(granular, one)
	}
	life, valid := f.lives.of(token), f.ended(token) == nil
	data := map[string]any{
		"app_id": f.appID(), "type": "USER", "is_valid": valid, "expires_at": seconds(life.Expires),
		"data_access_expires_at": seconds(life.DataEnds), "scopes": t.Scopes, "granular_scopes": granular,
	}
	if !valid {
		data["error"] = map[string]any{"code": 190, "subcode": 463, "message": "Error validating access token: Session has expired"}
	}
	return answerJSON(map[string]any{"data": data})
}

// subscriptions serves GET /{app-id}/subscriptions, to the app only. Source: reference "Application, Subscriptions".
func (f *Fake) subscriptions(c *call) (answer, *refusal) {
	switch {
	case !c.app:
		return answer{}, &refusal{code: 15, message: "This method must be called with an app access_token."}
	case c.node != f.appID():
		return answer{}, ptr(missing("get", c.node))
	}
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	list := []map[string]any{}
	for _, hook := range f.ties.webhooks {
		fields := []map[string]any{}
		for _, field := range hook.Fields {
			fields = append(fields, map[string]any{"name": field.Name, "version": field.Version})
		}
		list = append(list, map[string]any{"object": hook.Object, "callback_url": hook.Callback, "active": hook.Active, "fields": fields})
	}
	return answerJSON(map[string]any{"data": list})
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// me serves GET /me of Instagram Login.
func (f *Fake) me(c *call, t Tie) (answer, *refusal) {
	node := map[string]any{"id": t.ScopedID}
	for name := range strings.SplitSeq(c.Query.Get("fields"), ",") {
		switch name {
		case "user_id":
			node[name] = c.account.ID
		case "username":
			node[name] = c.account.Username
		case "id", "":
		default:
			return answer{}, nonexisting(name, "IGUser")
		}
	}
	return answerJSON(node)
}

// page serves the Page's node. Source: reference "Page".
func (f *Fake) page(c *call, t Tie) (answer, *refusal) {
	node := map[string]any{"id": t.PageID}
	for name := range strings.SplitSeq(c.Query.Get("fields"), ",") {
		switch name {
		case "instagram_business_account":
			if t.PageAccount != "" {
				node[name] = map[string]any{"id": t.PageAccount}
			}
		case "access_token":
			if t.PageToken != "" {
				node[name] = t.PageToken
			}
		case "id", "":
		default:
			return answer{}, nonexisting(name, "Page")
		}
	}
	return answerJSON(node)
}

// pageFields are some of those that a Page has. Source: Meta's answer to a field that is none, as it was seen.
const pageFields = "feed, mention, name, picture, category, description, conversations, messages, ratings, videos"

// accountFields are those of an account with Instagram Login. Source: facebook-python-business-sdk, IGUserForIGOnlyAPI.
const accountFields = "agent_messages, comment_poll_response, comments, delta, follow, live_comments, mentions, message_edit, " +
	"message_reactions, messages, messaging_handover, messaging_optins, messaging_postbacks, messaging_referral, " +
	"messaging_seen, share_to_story, standby, story_insights, story_poll_response, story_reactions"

// subscribedApps serves the edge with that name, on the Page or, with Instagram Login, on the account.
func (f *Fake) subscribedApps(c *call, t Tie) (answer, *refusal) {
	node, fields := t.PageID, pageFields
	if t.Login == platform.InstagramLogin {
		node, fields = c.account.ID, accountFields
		if c.node == "me" {
			node = "me"
		}
	}
	if c.node != node || node == "" {
		return answer{}, ptr(missing(strings.ToLower(c.Method), c.node))
	}
	if t.Login != platform.InstagramLogin && !f.speaksForPage(c, t) {
		return answer{}, &refusal{code: 190, subcode: 2069032, message: "A Page access token is required for this call"}
	}
	switch c.Method {
	case http.MethodGet:
		list := []map[string]any{}
		if t.Subscribed != nil {
			list = append(list, map[string]any{"id": f.appID(), "name": "answerback", "subscribed_fields": t.Subscribed})
		}
		return answerJSON(map[string]any{"data": list})
	case http.MethodPost:
		return f.subscribe(c, fields)
	case http.MethodDelete:
		f.setSubscribed(c.account.ID, nil)
		return answerJSON(map[string]any{"success": true})
	}
	return answer{}, ptr(missing(strings.ToLower(c.Method), c.node))
}

// speaksForPage reports whether the call bore the Page's token.
func (f *Fake) speaksForPage(c *call, t Tie) bool { return t.PageToken == "" || c.page }

// subscribe replaces the list. One wrong name fails the whole call.
func (f *Fake) subscribe(c *call, fields string) (answer, *refusal) {
	asked := c.Form.Get("subscribed_fields")
	if asked == "" {
		asked = c.Query.Get("subscribed_fields")
	}
	names := strings.Split(asked, ",")
	for i, name := range names {
		if !slices.Contains(strings.Split(fields, ", "), name) {
			return answer{}, ptr(invalid("Param subscribed_fields[" + strconv.Itoa(i) + "] must be one of {" + fields + "} - got \"" + name + "\"."))
		}
	}
	f.setSubscribed(c.account.ID, names)
	return answerJSON(map[string]any{"success": true})
}

func (f *Fake) setSubscribed(accountID string, fields []string) {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	if t, ok := f.ties.by[accountID]; ok {
		t.Subscribed = fields
		f.ties.by[accountID] = t
	}
}

func answerJSON(v any) (answer, *refusal) {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{}, ptr(invalid(err.Error()))
	}
	return answer{status: 200, body: body}, nil
}
