package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/klog/v2"
)

const (
	dialTimeout = 10 * time.Second
	// less than what the webhook's callers wait for an answer
	servingTimeout = 20 * time.Second
	pollInterval   = 20 * time.Millisecond
)

var errNotServing = errors.New("cert-manager's webhook is not served now")

// endpoint is an address that may change or be absent ("").
type endpoint struct{ address atomic.Value }

func (e *endpoint) set(address string) { e.address.Store(address) }

// await gives the address once there is one: after a start that takes a second.
func (e *endpoint) await(ctx context.Context) (address string, err error) {
	err = wait.PollUntilContextTimeout(ctx, pollInterval, servingTimeout, true, func(context.Context) (bool, error) {
		address, _ = e.address.Load().(string)
		return address != "", nil
	})
	if err != nil {
		return "", errNotServing
	}
	return address, nil
}

// serveEgress is the HTTP proxy that the API server reaches Services and nodes by (its EgressSelectorConfiguration): no
// cluster network is there to do it. It is the API server's alone, by the certificate that kwokctl makes for the
// administrator and the API server. It leads the Service of cert-manager's webhook to this process, and everything else
// to where it is addressed.
func (p *process) serveEgress(ctx context.Context, address string) error {
	certificate, err := tls.X509KeyPair(p.config.CertData, p.config.KeyData)
	if err != nil {
		return err
	}
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM(p.config.CAData)
	listener, err := tls.Listen("tcp", address, &tls.Config{
		Certificates: []tls.Certificate{certificate}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert,
	})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(p.connect), ReadHeaderTimeout: dialTimeout}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(listener); ctx.Err() == nil {
		return err
	}
	return ctx.Err()
}

func (p *process) connect(response http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodConnect {
		http.Error(response, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	there, err := p.dial(request.Context(), request.Host)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadGateway)
		return
	}
	here, buffered, err := http.NewResponseController(response).Hijack()
	if err != nil {
		klog.ErrorS(err, "A connection cannot be taken over")
		_ = there.Close()
		return
	}
	go join(there, here, buffered)
	_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
	join(here, there, there)
}

// join copies until either side ends, and ends the other.
func join(to, from net.Conn, source io.Reader) {
	_, _ = io.Copy(to, source)
	_ = to.Close()
	_ = from.Close()
}

func (p *process) dial(ctx context.Context, target string) (net.Conn, error) {
	address, err := p.lead(ctx, target)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	return dialer.DialContext(ctx, "tcp", address)
}

// lead gives the webhook's own address in place of its Service's.
func (p *process) lead(ctx context.Context, target string) (string, error) {
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return "", err
	}
	service, err := p.client.CoreV1().Services(p.namespace).Get(ctx, webhookService, metav1.GetOptions{})
	if err != nil || service.Spec.ClusterIP != host {
		return target, nil
	}
	return p.webhook.await(ctx)
}
