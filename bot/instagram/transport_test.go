package instagram

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestWitnessSeesThroughTLS: the connection that is counted is found under TLS too, and a connection that was used
// before is counted from where it was.
func TestWitnessSeesThroughTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer server.Close()
	transport := newTransport()
	defer transport.CloseIdleConnections()
	transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	var first *countedConn
	for i := range 2 {
		var seen witness
		req, err := http.NewRequestWithContext(seen.watch(context.Background()), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.ProtoMajor != 1 {
			t.Errorf("HTTP/%d is spoken", resp.ProtoMajor)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if seen.conn == nil || seen.before == 0 || seen.conn.count() <= seen.before {
			t.Fatalf("call %d: nothing was counted: %+v", i, seen.conn)
		}
		if first != nil && seen.conn != first {
			t.Error("the connection wasn't kept")
		}
		first = seen.conn
	}
}

func TestSealIsFinal(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	conn, err := newTransport().DialContext(context.Background(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	counted := conn.(*countedConn)
	if n, err := counted.Write([]byte("GET")); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if n := counted.seal(); n != 3 {
		t.Errorf("counted %d", n)
	}
	if n, err := counted.Write([]byte(" /")); n != 0 || err == nil || counted.count() != 3 {
		t.Errorf("written after the seal: %d, %v", n, err)
	}
}

func TestWitnessWithoutCount(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer server.Close()
	var seen witness
	req, err := http.NewRequestWithContext(seen.watch(context.Background()), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := &http.Transport{}
	defer plain.CloseIdleConnections()
	if !seen.surelyNothing() {
		t.Error("before any connection nothing can have been written")
	}
	if _, err := plain.RoundTrip(req); err == nil {
		t.Fatal("the server answered")
	}
	if seen.surelyNothing() {
		t.Error("where nobody counted, nothing is sure")
	}
}
