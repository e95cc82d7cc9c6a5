import { groupOf } from "../../config/kubernetesType";
import { podTemplatePath } from "../../config/podTemplatePath";
import { at } from "../valueAt";
import type { PlannedObject } from "./plannedObject";

/** What of a pod has to do with the cluster around it. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly runtimeClassName?: string;
  readonly priorityClassName?: string;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly image?: string;
  readonly ports?: readonly { readonly containerPort?: number; readonly hostPort?: number; readonly protocol?: string }[];
}

/** A pod that a controller will make, or one made directly. */
export interface PlannedPod {
  readonly owner: PlannedObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

/** The pods behind the objects, whatever makes them. */
export function podsOf(objects: readonly PlannedObject[]): readonly PlannedPod[] {
  return objects.flatMap((owner) => {
    const path = podTemplatePath({ group: groupOf(owner.apiVersion), kind: owner.kind });
    const { metadata, spec } = (path === undefined ? {} : (at(owner.object, ...path) ?? {})) as Template;
    return spec === undefined ? [] : [{ owner, labels: metadata?.labels ?? {}, spec }];
  });
}

/** Ports of the node that the pod takes, as `6080/TCP`. */
export function hostPortsOf({ hostNetwork = false, containers = [], initContainers = [] }: PodSpec): readonly string[] {
  return [...containers, ...initContainers].flatMap(({ ports = [] }) =>
    ports.flatMap(({ containerPort, hostPort = hostNetwork ? containerPort : undefined, protocol = "TCP" }) =>
      hostPort === undefined || hostPort === 0 ? [] : [`${hostPort}/${protocol}`],
    ),
  );
}
