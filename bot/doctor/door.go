package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
)

// handshake does at the public address what Meta does when the webhook is configured. reached reports whether the bot's
// door may be behind the address.
func (e *examination) handshake(ctx context.Context) (l Link, reached bool) {
	l = Link{Name: LinkHandshake, State: OK}
	if e.URL == "" {
		l.State, l.Seen, l.Do = Unknown, "the public address isn't known", "say it: --url https://your.host/webhooks/instagram"
		return l, false
	}
	got, err := e.Visit.Handshake(ctx, e.URL, e.VerifyToken, e.Challenge)
	if err != nil {
		l.State, l.Seen, l.Do = Broken, "nobody answers there: "+err.Error(), unreached(err)
		return l, false
	}
	if l, reached = e.echoed(l, got); l.State != OK {
		return l, reached
	}
	wrong, err := e.Visit.Handshake(ctx, e.URL, e.VerifyToken+"-not", e.Challenge)
	switch {
	case err != nil:
		l.State, l.Seen, l.Do = Broken, "it answers once, and then not: "+err.Error(), unreached(err)
		return l, false
	case wrong.Status == http.StatusOK:
		l.State, l.Seen = Broken, "the door takes any verify token: whoever answers there isn't answerback"
		l.Do = "have the proxy send " + e.URL + " on to listen"
		return l, false
	}
	l.Seen = "the public address knows the verify token, and no other"
	if why := notPublic(e.URL); why != "" {
		l.State, l.Seen, l.Do = Warning, l.Seen+"; but "+why, "give Meta an https address that everybody reaches"
	}
	return l, true
}

// echoed judges the answer to a right handshake.
func (e *examination) echoed(l Link, got instagram.Reception) (_ Link, reached bool) {
	proxy := "see that this is the address, and have the proxy send it on to /webhooks/instagram at listen, with the query as it is"
	html := strings.Contains(got.ContentType, "html") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(got.Body)), "<")
	l.State = Broken
	switch {
	case got.Status >= 300 && got.Status < 400:
		l.Seen = fmt.Sprintf("it redirects (%d) to %q, where Meta isn't known to follow", got.Status, got.Location)
		l.Do = "write the last address into Meta's dashboard, or have the proxy serve this one without a redirect"
	case html:
		l.Seen, l.Do = fmt.Sprintf("a web page (%d, %q) answers there, not the bot", got.Status, got.ContentType), proxy
	case got.Status == http.StatusForbidden:
		l.Seen = "the verify token is refused"
		l.Do = "have the daemon started anew with the verify_token of this configuration, and let no proxy answer for it"
		return l, true
	case got.Status != http.StatusOK:
		l.Seen, l.Do = fmt.Sprintf("the answer has status %d", got.Status), proxy
	case got.Body != e.Challenge:
		l.Seen, l.Do = "the answer isn't the bare challenge: something changes it on its way, or another program answers", proxy
	default:
		l.State = OK
		return l, true
	}
	return l, false
}

// unreached says what to do where nobody answered.
func unreached(err error) string {
	var certificate x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	if errors.As(err, &certificate) || errors.As(err, &invalid) || errors.As(err, &name) {
		return "give the proxy a certificate with its whole chain, by an authority that everybody trusts, for this name: Meta takes no other"
	}
	return "see that DNS, firewall and proxy lead from the internet to listen"
}

// notPublic says why Meta can't come to an address; "" if nothing in it says so.
func notPublic(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return "Meta comes over https only"
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if strings.EqualFold(u.Hostname(), "localhost") || err == nil && (ip.IsLoopback() || ip.IsPrivate()) {
		return "Meta can't reach an address of this machine or house"
	}
	return ""
}

// delivery sends the test notification of Meta's dashboard through the real door, once signed with each app secret and
// once wrongly. Its entry has the id 0, on which nobody acts.
func (e *examination) delivery(ctx context.Context, reached, runs bool) Link {
	address := e.URL
	switch {
	case e.URL != "" && !reached:
		return notLooked(LinkDelivery, "", LinkHandshake)
	case e.URL == "" && !runs:
		return notLooked(LinkDelivery, "", LinkDaemon)
	case e.URL == "":
		address = e.Webhook
	}
	l := Link{Name: LinkDelivery, State: OK}
	if address == "" {
		l.State, l.Seen, l.Do = Unknown, "the address of the webhook isn't known", "say it: --url https://your.host/webhooks/instagram"
		return l
	}
	body := testNotification(e.Now().Unix())
	for _, secret := range e.secrets() {
		got, err := e.Visit.Deliver(ctx, address, body, instagram.Sign([]byte(body), []byte(secret)))
		if l = delivered(l, got, err); l.State != OK {
			return l
		}
	}
	got, err := e.Visit.Deliver(ctx, address, body, instagram.Sign([]byte(body), []byte(e.Challenge)))
	switch {
	case err != nil:
		return delivered(l, got, err)
	case got.Status == http.StatusOK:
		l.State, l.Seen = Broken, "a notification that nobody signed is taken: whoever answers there isn't answerback"
		l.Do = "have the proxy send POSTs on to listen"
	default:
		l.Seen = "a signed test notification is taken, one that is signed wrongly is not"
	}
	return l
}

// secrets are those with which notifications of the accounts are signed, each once.
func (e *examination) secrets() []string {
	var secrets []string
	for _, a := range e.Accounts {
		if a.AppSecret != "" && !slices.Contains(secrets, a.AppSecret) {
			secrets = append(secrets, a.AppSecret)
		}
	}
	return secrets
}

// delivered judges the answer to a notification that was signed well.
func delivered(l Link, got instagram.Reception, err error) Link {
	l.State = Broken
	switch {
	case err != nil:
		l.Seen, l.Do = "nobody takes a notification: "+err.Error(), unreached(err)
	case got.Status == http.StatusOK:
		l.State = OK
	case got.Status == http.StatusForbidden:
		l.Seen = "the signature is refused"
		l.Do = "have the daemon started anew with the app_secret of this configuration, and let the proxy leave bodies and headers as they are"
	case got.Status == http.StatusServiceUnavailable:
		l.Seen, l.Do = "the daemon can't store notifications", "its log says why"
	default:
		l.Seen, l.Do = fmt.Sprintf("a notification is answered with status %d", got.Status), "have the proxy send POSTs on to listen as they are"
	}
	return l
}

// testNotification is what the test button of Meta's dashboard sends. Source: captured notifications.
func testNotification(now int64) string {
	return fmt.Sprintf(`{"object":"instagram","entry":[{"id":"0","time":%d,"changes":[{"field":"comments","value":{`+
		`"from":{"id":"232323232","username":"test"},"media":{"id":"123123123","media_product_type":"FEED"},`+
		`"id":"17865799348089039","parent_id":"1231231234","text":"This is an example."}}]}]}`, now)
}

// daemon asks the daemon how it is; runs reports whether there is one.
func (e *examination) daemon(ctx context.Context) (l Link, runs bool) {
	l = Link{Name: LinkDaemon, State: OK}
	if e.Ready == "" {
		l.State, l.Seen = Unknown, "admin.listen leaves the port open, so the daemon can't be found"
		return l, false
	}
	got, err := e.Visit.Look(ctx, e.Ready)
	var failed *net.OpError
	switch {
	case errors.As(err, &failed) && failed.Op == "dial":
		l.State, l.Seen, l.Do = Warning, "no daemon runs on this machine: nobody listens at "+e.Ready, "start it: answerback run"
		return l, false
	case err != nil:
		l.State, l.Seen, l.Do = Broken, fmt.Sprintf("%s doesn't answer: %v", e.Ready, err), "look at the daemon's log"
		return l, false
	}
	lines := strings.Split(strings.TrimSpace(got.Body), "\n")
	switch {
	case got.Status == http.StatusOK && lines[0] == "ready":
		l.Seen = "the daemon is ready"
		if len(lines) > 1 {
			l.State, l.Seen, l.Do = Warning, "the daemon is ready; "+strings.Join(lines[1:], "; "), "mend what it notes"
		}
	case got.Status == http.StatusServiceUnavailable && strings.HasPrefix(lines[0], "not ready:"):
		l.State, l.Seen, l.Do = Broken, strings.Join(lines, "; "), "mend what it says; Meta's notifications are turned away until then"
	default:
		l.State, l.Seen, l.Do = Broken, "another program answers at "+e.Ready, "give admin.listen an address of its own"
		return l, false
	}
	return l, true
}
