package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/klog/v2"

	"github.com/cert-manager/cert-manager/internal/webhook"
	servertls "github.com/cert-manager/cert-manager/pkg/server/tls"
	"github.com/cert-manager/cert-manager/pkg/webhook/admission"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

// webhookService is the Service of the chart's webhook; its CA is kept in a Secret of this name and "-ca".
const webhookService = "cert-manager-webhook"

// runWebhook serves cert-manager's webhook on loopback under a certificate that its own code makes and renews, and says
// where in p.webhook.
func (p *process) runWebhook(ctx context.Context) error {
	config, err := options.NewWebhookConfiguration()
	if err != nil {
		return err
	}
	config.KubeConfig = p.kubeconfig
	config.TLSConfig.Dynamic.SecretNamespace = p.namespace
	config.TLSConfig.Dynamic.SecretName = webhookService + "-ca"
	host := webhookService + "." + p.namespace
	config.TLSConfig.Dynamic.DNSNames = []string{webhookService, host, host + ".svc"}
	built, err := webhook.NewCertManagerWebhookServer(klog.FromContext(ctx), *config)
	if err != nil {
		return err
	}
	// its own Run listens on every interface
	handlers := http.NewServeMux()
	handlers.Handle("/mutate", admission.NewCustomMutationWebhook(built.MutationWebhook))
	handlers.Handle("/validate", admission.NewCustomValidationWebhook(built.ResourceScheme, built.ValidationWebhook))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return built.CertificateSource.Start(ctx) })
	group.Go(func() error { return p.serveWebhook(ctx, handlers, built.CertificateSource) })
	return group.Wait()
}

func (p *process) serveWebhook(ctx context.Context, handlers http.Handler, source servertls.CertificateSource) error {
	healthy := func(context.Context) (bool, error) { return source.Healthy(), nil }
	if err := wait.PollUntilContextCancel(ctx, pollInterval, true, healthy); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.webhook.set(listener.Addr().String())
	defer p.webhook.set("")
	config := &tls.Config{GetCertificate: source.GetCertificate}
	server := &http.Server{Handler: handlers, TLSConfig: config, ReadHeaderTimeout: 30 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ServeTLS(listener, "", ""); ctx.Err() == nil {
		return err
	}
	return ctx.Err()
}
