package instagram_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// What concerns the account does so whatever the status: a write's fate may be unknown and the token dead all the same.
func TestTroubles(t *testing.T) {
	for _, c := range []struct {
		code, subcode int
		message       string
		want          instagram.Trouble
	}{
		{4, 0, "", instagram.TroubleLimit},
		{4, 2207051, "", instagram.TroubleSpam},
		{17, 0, "", instagram.TroubleLimit},
		{32, 0, "", instagram.TroubleLimit},
		{341, 0, "", instagram.TroubleLimit},
		{613, 0, "", instagram.TroubleLimit},
		{80001, 0, "", instagram.TroubleLimit},
		{80002, 2446079, "", instagram.TroubleLimit},
		{80006, 0, "", instagram.TroubleLimit},
		{25, 2207050, "", instagram.TroubleRestricted},
		{10, 1893063, "", instagram.TroubleRestricted},
		{100, 2534029, "", instagram.TroubleRestricted},
		{613, 2534040, "", instagram.TroubleLimit},
		{102, 0, "", instagram.TroubleToken},
		{190, 463, "", instagram.TroubleToken},
		{100, 0, "Invalid appsecret_proof provided in the API argument", instagram.TroubleToken},
		{368, 0, "", instagram.TroubleBlocked},
		{1, 0, "", ""},
		{100, 33, "", ""},
		{20, 1772107, "", ""},
		{424242, 0, "", ""},
	} {
		body := fmt.Sprintf(`{"error":{"message":%q,"code":%d,"error_subcode":%d}}`, c.message, c.code, c.subcode)
		header := http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"call_count":100,"estimated_time_to_regain_access":12}]}`}}
		for _, status := range []int{200, 400, 403, 429, 503} {
			_, write := both(t, canned{status: status, header: header, body: body})
			if status == 429 && c.want == "" {
				continue // without a code of its own it is a limit
			}
			if got := write.Trouble(); got != c.want {
				t.Errorf("%d/%d with %d: %q, want %q", c.code, c.subcode, status, got, c.want)
			}
			if c.want == instagram.TroubleLimit && write.RetryAfter != 12*time.Minute {
				t.Errorf("%d with %d waits %v", c.code, status, write.RetryAfter)
			}
		}
	}
	for _, code := range []int{3, 10, 200, 299} {
		_, write := both(t, canned{status: 400, body: fmt.Sprintf(`{"error":{"code":%d}}`, code)})
		if write.Trouble() != instagram.TroublePermission {
			t.Errorf("%d is %q", code, write.Trouble())
		}
	}
}

// The client tells whoever paces the account how much is used up, after good answers and bad ones.
func TestEachCallTellsItsUsage(t *testing.T) {
	for _, status := range []int{200, 400} {
		var told []instagram.Call
		client := instagram.NewClient(instagram.Options{
			Observe:   func(c instagram.Call) { told = append(told, c) },
			Transport: canned{status: status, header: http.Header{"X-App-Usage": {`{"call_count":95}`}}, body: `{"id":"1"}`},
		})
		_, _ = client.Media(t.Context(), someAccount, "1", nil)
		_, _ = client.Write(t.Context(), someAccount, someReply)
		if len(told) != 2 {
			t.Fatalf("told of %d calls", len(told))
		}
		for _, c := range told {
			if c.Account != someAccount.ID || c.Usage.Worst() != 95 {
				t.Errorf("status %d: %+v", status, c)
			}
		}
	}
}
