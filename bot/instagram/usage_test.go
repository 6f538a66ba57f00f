package instagram_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

func TestParseUsage(t *testing.T) {
	const business, app = "X-Business-Use-Case-Usage", "X-App-Usage"
	for name, c := range map[string]struct {
		header http.Header
		want   instagram.Usage
	}{
		"none": {nil, instagram.Usage{}},
		"Meta's business sample": {http.Header{business: {string(sample(t, "header_business_use_case_usage.json"))}},
			instagram.Usage{Calls: 85, CPU: 20, Time: 25}},
		"Meta's app sample": {http.Header{app: {string(sample(t, "header_app_usage.json"))}},
			instagram.Usage{Calls: 28, CPU: 25, Time: 25}},
		"a wait in minutes": {http.Header{business: {`{"1":[{"type":"instagram","call_count":101,"estimated_time_to_regain_access":7}]}`}},
			instagram.Usage{Calls: 101, Regain: 7 * time.Minute}},
		"floats and strings": {http.Header{app: {`{"call_count":"28.5","total_time":1e1,"total_cputime":"x"}`}},
			instagram.Usage{Calls: 28.5, Time: 10}},
		"a repeated key, and the worst of all": {http.Header{
			business: {`{"1":[{"call_count":5}],"1":[{"call_count":50},{"call_count":7}],"2":[{"total_time":9}]}`},
			app:      {`{"call_count":3,"total_time":11}`}},
			instagram.Usage{Calls: 50, Time: 11}},
		"negative, infinite, absurd": {http.Header{business: {`{"1":[{"call_count":-5,"estimated_time_to_regain_access":1e300}]}`}},
			instagram.Usage{Regain: 24 * time.Hour}},
		"not JSON":           {http.Header{business: {"soon"}, app: {"{"}}, instagram.Usage{}},
		"of other types":     {http.Header{business: {`{"1":{"call_count":5},"2":[5,null],"3":"x"}`}, app: {`[5]`}}, instagram.Usage{}},
		"two header lines":   {http.Header{app: {`{"call_count":1}`, `{"call_count":2}`}}, instagram.Usage{Calls: 2}},
		"NaN can't be faked": {http.Header{app: {`{"call_count":"NaN"}`}}, instagram.Usage{}},
	} {
		if got := instagram.ParseUsage(c.header); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// One account's limit never delays another's, though a header may tell of both.
func TestOnlyTheAccountsOwnUsageCounts(t *testing.T) {
	const business = "X-Business-Use-Case-Usage"
	for name, c := range map[string]struct {
		header http.Header
		want   instagram.Usage
	}{
		"another account's beside its own": {http.Header{business: {`{"17":[{"call_count":100,"estimated_time_to_regain_access":60}],"18":[{"call_count":20},{"total_time":3}]}`}},
			instagram.Usage{Calls: 20, Time: 3}},
		"beside that of an alias": {http.Header{business: {`{"99":[{"call_count":20}],"17":[{"call_count":100}]}`}},
			instagram.Usage{Calls: 20}},
		"on another line": {http.Header{business: {`{"17":[{"call_count":100}]}`, `{"18":[{"call_count":20}]}`}},
			instagram.Usage{Calls: 20}},
		"only by an id that nobody knows": {http.Header{business: {`{"17":[{"call_count":100}]}`}},
			instagram.Usage{Calls: 100}},
		"the app's is everybody's": {http.Header{business: {`{"18":[{"call_count":20}]}`}, "X-App-Usage": {`{"call_count":99}`}},
			instagram.Usage{Calls: 99}},
		"a limit on ads": {http.Header{business: {`{"18":[{"type":"ads_management","call_count":100,"estimated_time_to_regain_access":60},{"type":"instagram","call_count":20},{"call_count":21,"type":"messenger"},{"call_count":99,"type":"leadgen"}]}`}},
			instagram.Usage{Calls: 21}},
		"its own, of an odd shape": {http.Header{business: {`{"18":{"call_count":20},"17":[{"call_count":100}]}`}},
			instagram.Usage{}},
	} {
		if got := instagram.ParseUsage(c.header, "18", "99"); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
		account := someAccount
		account.ID, account.Aliases = "18", []string{"99"}
		var told []instagram.Usage
		client := instagram.NewClient(instagram.Options{
			Observe:   func(call instagram.Call) { told = append(told, call.Usage) },
			Transport: canned{status: 400, header: c.header, body: `{"error":{"code":80002}}`},
		})
		_, err := client.Media(t.Context(), account, "1", nil)
		_, _ = client.Write(t.Context(), account, someReply)
		var e *instagram.Error
		if !errors.As(err, &e) || e.RetryAfter != c.want.Regain || len(told) != 2 || told[0] != c.want || told[1] != c.want {
			t.Errorf("%s: the client tells %+v, and to wait %+v", name, told, err)
		}
	}
}

func FuzzParseUsage(f *testing.F) {
	f.Add(string(sample(f, "header_business_use_case_usage.json")))
	f.Add(string(sample(f, "header_app_usage.json")))
	f.Fuzz(func(t *testing.T, value string) {
		u := instagram.ParseUsage(http.Header{"X-Business-Use-Case-Usage": {value}, "X-App-Usage": {value}})
		if u.Regain < 0 || u.Regain > 24*time.Hour || u.Calls < 0 || u.CPU < 0 || u.Time < 0 {
			t.Fatalf("%q: %+v", value, u)
		}
	})
}
