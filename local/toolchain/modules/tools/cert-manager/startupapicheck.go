package main

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"

	"github.com/cert-manager/cert-manager/pkg/util/cmapichecker"
)

const (
	startupAPICheck = "app.kubernetes.io/component=startupapicheck"
	checkInterval   = 200 * time.Millisecond
)

var withoutGates = []byte(`[{"op": "remove", "path": "/spec/schedulingGates"}]`)

// runStartupAPICheck does the check of the chart's startupapicheck for its pod, whose scheduling gate holds it until then:
// as on a real cluster the release is installed when the API server reaches the webhook and trusts it.
func (p *process) runStartupAPICheck(ctx context.Context) error {
	checker, err := cmapichecker.New(p.config, p.namespace)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactoryWithOptions(p.client, 0, informers.WithNamespace(p.namespace),
		informers.WithTweakListOptions(func(list *metav1.ListOptions) { list.LabelSelector = startupAPICheck }))
	_, err = factory.Core().V1().Pods().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: func(added any) {
		if pod, ok := added.(*corev1.Pod); ok && len(pod.Spec.SchedulingGates) > 0 {
			go p.check(ctx, checker, pod)
		}
	}})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	<-ctx.Done()
	factory.Shutdown()
	return ctx.Err()
}

// check lets the pod run once the check passes.
func (p *process) check(ctx context.Context, checker cmapichecker.Interface, pod *corev1.Pod) {
	told := ""
	_ = wait.PollUntilContextCancel(ctx, checkInterval, true, func(ctx context.Context) (bool, error) {
		if err := checker.Check(ctx); err != nil {
			if told != err.Error() {
				told = err.Error()
				klog.InfoS("The webhook does not answer yet", "pod", pod.Name, "reason", told)
			}
			return false, nil
		}
		_, err := p.client.CoreV1().Pods(pod.Namespace).Patch(ctx, pod.Name, types.JSONPatchType, withoutGates, metav1.PatchOptions{})
		if err != nil {
			klog.ErrorS(err, "The startupapicheck's pod cannot be let go", "pod", pod.Name)
		}
		return true, nil
	})
}
