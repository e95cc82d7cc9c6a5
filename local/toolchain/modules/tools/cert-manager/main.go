// Command cert-manager runs cert-manager's own controllers, webhook and CA injector as one local process, without leader
// election: what its three pods do, for a control plane on which no container runs. The self-signed and CA issuers work;
// ACME, Vault and Venafi are left out.
//
// Beside them it is the way from the API server to Services (egress.go), and it lets the chart's startupapicheck end
// when that check passes (startupapicheck.go).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// process is what every part of it works with.
type process struct {
	kubeconfig string
	// namespace of cert-manager, and of the Secrets that ClusterIssuers name
	namespace string
	config    *rest.Config
	client    kubernetes.Interface
	webhook   endpoint
}

func newProcess(kubeconfig, namespace string) (*process, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("cannot read --kubeconfig %s: %w", kubeconfig, err)
	}
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return &process{kubeconfig: kubeconfig, namespace: namespace, config: config, client: client}, nil
}

// run ends when ctx does, or when nobody can listen on the egress address.
func (p *process) run(ctx context.Context, egress string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.serveEgress(ctx, egress) })
	group.Go(func() error { return p.runWheneverServed(ctx) })
	return group.Wait()
}

func main() {
	ctrl.SetLogger(klog.Background())
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, os.Args[1:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "cert-manager:", err)
		os.Exit(1)
	}
}

// start runs one part as a pod's program where the first argument names it, else all of them beside a control plane.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && pods[args[0]] != nil {
		return pods[args[0]](ctx, args[1:])
	}
	// the libraries have flags of their own
	flags := flag.NewFlagSet("cert-manager", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "path of the kubeconfig of the API server to work on")
	namespace := flags.String("namespace", "cert-manager", "cert-manager's namespace, and that of the Secrets that ClusterIssuers name")
	egress := flags.String("egress", "127.0.0.1:0", "address on which the API server's egress is served")
	_ = flags.Parse(args)
	p, err := newProcess(*kubeconfig, *namespace)
	if err != nil {
		return err
	}
	return p.run(ctx, *egress)
}
