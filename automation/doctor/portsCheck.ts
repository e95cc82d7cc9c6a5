import type { KubernetesObject } from "../../preflight/clusterReader";
import { type Check, failed, type Finding, ok } from "../checks/check";
import { allObjects, type DoctorContext } from "./doctorContext";
import type { PlannedObject } from "./plannedObject";
import { hostPortsOf, type PlannedPod, type PodSpec, podsOf } from "./podTemplates";

interface Pod extends KubernetesObject {
  readonly spec?: PodSpec & { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

interface Service extends KubernetesObject {
  readonly spec?: { readonly ports?: readonly { readonly nodePort?: number }[] };
}

function nameOf({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

/** A pod of the same place and labels is the stack's own of an earlier update. */
function isOwn(pod: Pod, { owner, labels }: PlannedPod): boolean {
  const has = pod.metadata?.labels ?? {};
  return pod.metadata?.namespace === owner.namespace && Object.entries(labels).every(([key, value]) => has[key] === value);
}

function hostPort(planned: PlannedPod, port: string, pods: readonly Pod[]): Finding {
  const subject = `host port ${port}`;
  const running = pods.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  const takers = running.filter((pod) => !isOwn(pod, planned) && hostPortsOf(pod.spec ?? {}).includes(port));
  const { kind, name = "" } = planned.owner;
  if (takers.length === 0) return ok(subject, `no pod has it, so ${kind} ${name} can take it`);
  const told = takers.slice(0, 5).map((pod) => `${nameOf(pod)} on ${pod.spec?.nodeName ?? "no node yet"}`);
  const wayOut = "choose another port in the exposure of the stack's file, keep to other nodes (nodeSelector), or move that pod away";
  return failed(subject, `${kind} ${name} needs it, and ${takers.length} pods have it: ${told.join(", ")}`, wayOut);
}

function nodePort({ name = "", namespace = "" }: PlannedObject, port: number, services: readonly Service[]): Finding {
  const subject = `node port ${port}`;
  const takers = services.filter(({ spec }) => spec?.ports?.some((each) => each.nodePort === port));
  const others = takers.filter((service) => nameOf(service) !== `${namespace}/${name}`);
  if (others.length === 0) return ok(subject, `free for Service ${namespace}/${name}`);
  const wayOut = "choose another port in the stack's file, or none, so that the cluster does";
  return failed(subject, `Service ${namespace}/${name} needs it, and ${others.map(nameOf).join(", ")} has it`, wayOut);
}

/** Ports of the nodes that the program names are not another's. */
export const portsCheck: Check<DoctorContext> = {
  name: "ports",
  async run(context, signal) {
    const [reader, objects] = await Promise.all([context.open(signal), allObjects(context)]);
    const wanted = podsOf(objects).flatMap((pod) => hostPortsOf(pod.spec).map((port) => ({ pod, port })));
    const named = objects
      .filter(({ kind }) => kind === "Service")
      .flatMap((service) =>
        ((service.object as Service).spec?.ports ?? []).flatMap(({ nodePort: port }) => (port ? [{ service, port }] : [])),
      );
    const pods = wanted.length === 0 ? [] : await reader.list("/api/v1/pods");
    const services = named.length === 0 ? [] : await reader.list("/api/v1/services");
    return [
      ...wanted.map(({ pod, port }) => hostPort(pod, port, pods)),
      ...named.map(({ service, port }) => nodePort(service, port, services)),
    ];
  },
};
