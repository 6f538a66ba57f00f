package webhook

import (
	"bytes"
	stdlog "log"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"
)

// Server makes an HTTP server that slow clients can't hold up: who doesn't send the header within 5 s, the whole
// request within 30 s, or doesn't read the answer within a minute, is cut off, and so is a connection that has been
// idle for two. Headers may have 16 KiB. It is what both of the bot's listeners use.
func Server(addr string, handler http.Handler, log logrus.FieldLogger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          stdlog.New(&complaints{log}, "", 0),
	}
}

// complaints brings what net/http has to say into our log. It can say it only to a standard logger.
type complaints struct{ log logrus.FieldLogger }

// Write takes one message. Most are about clients that speak no HTTP, which is their trouble and could fill the log; a
// panic and a lack of file descriptors are ours.
func (c *complaints) Write(message []byte) (int, error) {
	text := string(bytes.TrimSpace(message))
	switch {
	case bytes.HasPrefix(message, []byte("http: panic")):
		c.log.Error(text)
	case bytes.HasPrefix(message, []byte("http: Accept error")):
		c.log.Warn(text)
	default:
		c.log.Debug(text)
	}
	return len(message), nil
}
