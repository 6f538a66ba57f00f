package instagram

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// idle is how long a connection is kept unused. It is shorter than what servers usually allow (60 s and more): a reply
// written into a connection that the other side is just closing is one whose fate can't be told.
const idle = 30 * time.Second

// newTransport makes a transport for small requests to one host. It speaks HTTP/1.1, where a request has its
// connection for itself, so that it can be told whether anything of it was written.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	var only1 http.Protocols
	only1.SetHTTP1(true)
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &countedConn{Conn: conn}, nil
		},
		Protocols:           &only1,
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     idle,
		MaxIdleConns:        512,
		MaxIdleConnsPerHost: 128,
		DisableCompression:  true, // the answers are shorter than what it would cost
	}
}

// countedConn counts what was written.
type countedConn struct {
	net.Conn
	mu      sync.Mutex
	written int64
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.Conn.Write(p)
	c.written += int64(n)
	return n, err
}

func (c *countedConn) count() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written
}

// seal closes the connection and gives the count, which then is final: a write that is in work ends by the close.
func (c *countedConn) seal() int64 {
	_ = c.Close()
	return c.count()
}

// witness sees whether anything of a request was written.
type witness struct {
	mu     sync.Mutex
	got    bool // a connection
	conn   *countedConn
	before int64
}

func (w *witness) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		conn := info.Conn
		for {
			over, ok := conn.(interface{ NetConn() net.Conn })
			if !ok {
				break
			}
			conn = over.NetConn()
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.got = true
		if counted, ok := conn.(*countedConn); ok {
			w.conn, w.before = counted, counted.count()
		}
	}})
}

// surelyNothing reports, after a request has failed, that no byte of it left. Whether one will still leave is settled
// by closing the connection: net/http writes in a goroutine of its own, which may be late.
func (w *witness) surelyNothing() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.got {
		return true
	}
	return w.conn != nil && w.conn.seal() == w.before
}
