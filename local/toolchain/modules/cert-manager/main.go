// Command cert-manager-controllers runs cert-manager's own issuing controllers as one local process, without leader
// election and without listening anywhere. The self-signed and CA issuers work; ACME, Vault and Venafi are left out.
//
// The controllers run while the API server serves cert-manager.io/v1 and wait otherwise, so that neither a start before
// the CustomResourceDefinitions exist nor a restart of the API server leaves them in a long backoff.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"github.com/cert-manager/cert-manager/pkg/controller"

	_ "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	_ "github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	_ "github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	_ "github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
)

const (
	groupVersion         = "cert-manager.io/v1"
	workersPerController = 5
	waitingInterval      = 300 * time.Millisecond
	runningInterval      = 2 * time.Second
)

var requiredResources = []string{"certificates", "certificaterequests", "issuers", "clusterissuers"}

// options repeats the defaults of cert-manager's controller binary for the fields that these controllers read.
func options(kubeconfig, clusterResourceNamespace string) controller.ContextOptions {
	return controller.ContextOptions{
		Kubeconfig:       kubeconfig,
		KubernetesAPIQPS: -1,
		IssuerOptions:    controller.IssuerOptions{ClusterResourceNamespace: clusterResourceNamespace},
		IngressShimOptions: controller.IngressShimOptions{
			DefaultIssuerKind:                 "Issuer",
			DefaultIssuerGroup:                "cert-manager.io",
			DefaultAutoCertificateAnnotations: []string{"kubernetes.io/tls-acme"},
		},
		CertificateOptions: controller.CertificateOptions{
			CopiedAnnotationPrefixes:                 []string{"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/"},
			CertificateRequestMinimumBackoffDuration: time.Hour,
			CertificateRequestMaximumBackoffDuration: 32 * time.Hour,
		},
	}
}

// served reports whether the API server can be reached and serves every resource that the controllers watch.
func served(client discovery.DiscoveryInterface) bool {
	resources, err := client.ServerResourcesForGroupVersion(groupVersion)
	if err != nil {
		return false
	}
	names := sets.New[string]()
	for _, resource := range resources.APIResources {
		names.Insert(resource.Name)
	}
	return names.HasAll(requiredResources...)
}

// until returns once served answers wanted, or with the context's error.
func until(ctx context.Context, client discovery.DiscoveryInterface, wanted bool, interval time.Duration) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for served(client) != wanted {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return nil
}

// start begins every registered controller; the returned function waits for all of them after ctx has ended.
func start(ctx context.Context, opts controller.ContextOptions) (wait func(), err error) {
	factory, err := controller.NewContextFactory(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("cannot connect to the API server: %w", err)
	}
	var running sync.WaitGroup
	for name, construct := range controller.Known() {
		instance, err := construct(factory)
		if err != nil {
			return nil, fmt.Errorf("cannot construct the controller %s: %w", name, err)
		}
		running.Go(func() {
			if err := instance.Run(workersPerController, ctx); err != nil && ctx.Err() == nil {
				klog.ErrorS(err, "A controller ended", "controller", name)
			}
		})
	}
	shared, err := factory.Build()
	if err != nil {
		return nil, fmt.Errorf("cannot build the shared informers: %w", err)
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	return running.Wait, nil
}

// runWhileServed runs the controllers until the API server no longer serves their resources or parent ends.
func runWhileServed(parent context.Context, client discovery.DiscoveryInterface, opts controller.ContextOptions) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	wait, err := start(ctx, opts)
	if err != nil {
		return err
	}
	klog.InfoS("Controllers started", "count", len(controller.Known()))
	err = until(ctx, client, false, runningInterval)
	cancel()
	wait()
	klog.InfoS("Controllers stopped")
	return err
}

func run(ctx context.Context, opts controller.ContextOptions) error {
	config, err := clientcmd.BuildConfigFromFlags("", opts.Kubeconfig)
	if err != nil {
		return fmt.Errorf("cannot read --kubeconfig %s: %w", opts.Kubeconfig, err)
	}
	config.Timeout = 5 * time.Second
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	for {
		klog.InfoS("Waiting for the API server to serve the CustomResourceDefinitions", "groupVersion", groupVersion)
		if err := until(ctx, client, true, waitingInterval); err != nil {
			return err
		}
		if err := runWhileServed(ctx, client, opts); err != nil {
			return err
		}
	}
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig of the API server to work on")
	namespace := flag.String("cluster-resource-namespace", "cert-manager", "namespace of the Secrets that ClusterIssuers name")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, options(*kubeconfig, *namespace)); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "cert-manager-controllers:", err)
		os.Exit(1)
	}
}
