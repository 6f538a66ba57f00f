package console

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// names are what the console goes by.
type names struct {
	known     map[string]bool
	addresses bool // any IP address, not only loopback ones
}

// newNames are the names of a console that listens on host: see [Options].Hosts.
func newNames(host string, further []string) names {
	n := names{known: map[string]bool{"localhost": true}, addresses: !isLoopback(host)}
	for _, name := range append([]string{host}, further...) {
		if name != "" {
			n.known[hostOf(name)] = true
		}
	}
	return n
}

// include reports whether a request's Host is one of the names. The port doesn't count: a tunnel or a container may
// show the console on another one, and no page gains by it.
func (n names) include(host string) bool {
	name := hostOf(host)
	if n.known[name] {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && (n.addresses || addr.Unmap().IsLoopback())
}

// hostOf is the host of host:port, or of a host alone, as it is compared: lower case, without brackets and the dot that
// a full name may end with.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
		if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
			host = host[1 : len(host)-1]
		}
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// withHost refuses requests for names that are not ours.
func withHost(ours names, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ours.include(r.Host) {
			say(w, http.StatusForbidden, "the console doesn't go by the name that this request is for\n")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOpen reports whether a path is for everybody: what orchestrators and load balancers ask.
func isOpen(path string) bool { return path == "/healthz" || path == "/readyz" }

// withToken asks for the token, where there is one, whatever is asked that isn't open, be there such a thing or not.
// Both sides are hashed, so that the time which comparing takes doesn't even tell the token's length.
func withToken(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	want := sha256.Sum256([]byte(token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOpen(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(shown))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 || !strings.EqualFold(scheme, "Bearer") {
			w.Header().Set("WWW-Authenticate", `Bearer realm="answerback"`)
			say(w, http.StatusUnauthorized, "the token is needed: Authorization: Bearer …\n")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withHeaders tells browsers to do nothing with an answer but show it, to nobody else and not again.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}
