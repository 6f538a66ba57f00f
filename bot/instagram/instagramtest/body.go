package instagramtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// readForm reads the parameters in a body, in either form that Meta takes: values of a JSON object that are no texts are
// JSON, as they are in a form.
func readForm(r *http.Request) url.Values {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		form, _ := url.ParseQuery(string(body))
		return form
	}
	form, object := url.Values{}, map[string]json.RawMessage{}
	_ = json.Unmarshal(body, &object) // then it has no parameters
	for key, value := range object {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		form.Set(key, text)
	}
	return form
}
