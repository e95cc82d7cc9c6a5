package main

import (
	"context"
	"net"
	"os"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"

	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/cert-manager/cert-manager/pkg/healthz"
	"github.com/cert-manager/cert-manager/pkg/util/cmapichecker"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
)

// pods are the programs of the chart's pods: one part each, under the pod's ServiceAccount and with the arguments that
// the chart gives it. Those that change nothing here are ignored.
var pods = map[string]func(context.Context, []string) error{
	"controller":      runControllerPod,
	"webhook":         runWebhookPod,
	"cainjector":      runCAInjectorPod,
	"startupapicheck": runStartupAPICheckPod,
}

const (
	healthAddress = ":9403"
	// as the upstream's defaults
	leaseDuration = 60 * time.Second
	renewDeadline = 40 * time.Second
	retryPeriod   = 15 * time.Second
)

func parse(flags *pflag.FlagSet, args []string) error {
	flags.ParseErrorsAllowlist.UnknownFlags = true
	return flags.Parse(args)
}

func runControllerPod(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("controller", pflag.ContinueOnError)
	resources := flags.String("cluster-resource-namespace", "kube-system", "")
	elections := flags.String("leader-election-namespace", "kube-system", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	p, err := newProcess("", *resources)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", healthAddress)
	if err != nil {
		return err
	}
	health := healthz.NewServer(leaseDuration)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return health.Start(ctx, listener) })
	group.Go(func() error {
		return p.whileElected(ctx, *elections, "cert-manager-controller", health.LeaderHealthzAdaptor, p.runControllers)
	})
	return group.Wait()
}

func runCAInjectorPod(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("cainjector", pflag.ContinueOnError)
	elections := flags.String("leader-election-namespace", "kube-system", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	p, err := newProcess("", "")
	if err != nil {
		return err
	}
	return p.whileElected(ctx, *elections, "cert-manager-cainjector-leader-election", nil, p.runCAInjector)
}

// whileElected runs a part while this pod is the one that leads.
func (p *process) whileElected(ctx context.Context, namespace, name string, watchdog *leaderelection.HealthzAdaptor, part func(context.Context) error) error {
	identity, err := os.Hostname()
	if err != nil {
		return err
	}
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, name, p.client.CoreV1(), p.client.CoordinationV1(),
		resourcelock.ResourceLockConfig{Identity: identity})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var ended error
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: lock, ReleaseOnCancel: true, WatchDog: watchdog,
		LeaseDuration: leaseDuration, RenewDeadline: renewDeadline, RetryPeriod: retryPeriod,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				defer cancel()
				ended = part(ctx)
			},
			OnStoppedLeading: func() { klog.InfoS("No longer the leader", "lease", name) },
		},
	})
	return ended
}

func runWebhookPod(ctx context.Context, args []string) error {
	config, err := options.NewWebhookConfiguration()
	if err != nil {
		return err
	}
	flags := pflag.NewFlagSet("webhook", pflag.ContinueOnError)
	options.AddConfigFlags(flags, config)
	if err := parse(flags, args); err != nil {
		return err
	}
	server, err := webhook.NewCertManagerWebhookServer(klog.FromContext(ctx), *config)
	if err != nil {
		return err
	}
	return server.Run(ctx)
}

func runStartupAPICheckPod(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("startupapicheck", pflag.ContinueOnError)
	patience := flags.Duration("wait", 0, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	p, err := newProcess("", os.Getenv("POD_NAMESPACE"))
	if err != nil {
		return err
	}
	checker, err := cmapichecker.New(p.config, p.namespace)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *patience)
	defer cancel()
	return wait.PollUntilContextCancel(ctx, time.Second, true, func(ctx context.Context) (bool, error) {
		err := checker.Check(ctx)
		if err != nil {
			klog.InfoS("Not ready", "reason", err.Error())
		}
		return err == nil, nil
	})
}
