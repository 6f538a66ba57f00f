package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"syscall"
)

// fault says why there was no answer, without the addresses and names that the network's errors quote.
func fault(err error) string {
	var (
		dns     *net.DNSError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		tlsOdd  tls.RecordHeaderError
		timeout net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "it was cut off"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "it took too long"
	case errors.As(err, &dns):
		return "the host's name can't be resolved"
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		return "the host's certificate is not to be trusted"
	case errors.As(err, &tlsOdd):
		return "the host doesn't speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	default:
		return "the connection failed"
	}
}
