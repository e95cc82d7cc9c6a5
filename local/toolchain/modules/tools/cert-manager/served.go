package main

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

const (
	groupVersion    = "cert-manager.io/v1"
	waitingInterval = 300 * time.Millisecond
	runningInterval = 2 * time.Second
)

var requiredResources = []string{"certificates", "certificaterequests", "issuers", "clusterissuers"}

// runWheneverServed runs cert-manager while the API server serves its resources and waits otherwise, so that neither a
// start before the CustomResourceDefinitions exist nor a restart of the API server leaves it in a long backoff.
func (p *process) runWheneverServed(ctx context.Context) error {
	config := rest.CopyConfig(p.config)
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
		if err := p.runWhileServed(ctx, client); !errors.Is(err, context.Canceled) {
			klog.ErrorS(err, "A part of cert-manager ended; all of them start again")
		}
	}
}

// runWhileServed runs every part of cert-manager until the API server no longer serves its resources, one part ends or
// parent does.
func (p *process) runWhileServed(parent context.Context, client discovery.DiscoveryInterface) error {
	group, ctx := errgroup.WithContext(parent)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, part := range []func(context.Context) error{p.runControllers, p.runWebhook, p.runCAInjector, p.runStartupAPICheck} {
		group.Go(func() error { return part(ctx) })
	}
	group.Go(func() error {
		defer cancel()
		return until(ctx, client, false, runningInterval)
	})
	klog.InfoS("cert-manager started")
	err := group.Wait()
	klog.InfoS("cert-manager stopped")
	return err
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

// served reports whether the API server can be reached and serves every resource that cert-manager watches.
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
