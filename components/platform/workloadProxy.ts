import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kubernetesType } from "../../config/kubernetesType";
import { podTemplatePath } from "../../config/podTemplatePath";
import { API_SERVER, type ProxyArgs, proxyEnvironment } from "./proxyEnvironment";

type Container = k8s.types.input.core.v1.Container;
type Variables = readonly { readonly name: string; readonly value: string }[];
type Fields = Readonly<Record<string, pulumi.Input<unknown>>>;

/**
 * Gives the proxy's variables to every container of the workloads below a component. A variable that a container sets itself stays as it is.
 * Charts make their workloads on the cluster, where no transformation sees them: they have values of their own for it.
 * @param proxy nothing where there is none
 */
export function workloadProxy(proxy: ProxyArgs | undefined): pulumi.ResourceTransformation[] {
  if (proxy === undefined) return [];
  const variables = Object.entries(proxyEnvironment(proxy, API_SERVER)).map(([name, value]) => ({ name, value }));
  return [({ type, props, opts }) => transformed(templatePath(type), props, opts, variables)];
}

/** None for a Patch: its containers are those of an object that somebody else made. */
function templatePath(token: string): readonly string[] | undefined {
  const type = kubernetesType(token);
  return type === undefined || type.patch ? undefined : podTemplatePath(type);
}

function transformed(
  template: readonly string[] | undefined,
  props: Fields,
  opts: pulumi.ResourceOptions,
  variables: Variables,
): pulumi.ResourceTransformationResult | undefined {
  if (template === undefined) return undefined;
  const inPod = (fields: Fields, key: string): Fields =>
    changed(fields, [...template, "spec", key], (list) => withVariables(list, variables));
  return { props: ["initContainers", "containers"].reduce(inPod, props), opts };
}

/** Changes what stands at `path`, if anything does; an Output stays one only where it was, so that what is known and open beside it stays so. */
function changed(fields: Fields, [key = "", ...rest]: readonly string[], change: (value: pulumi.Input<unknown>) => unknown): Fields {
  const value = fields[key];
  if (value === undefined) return fields;
  const next = rest.length === 0 ? change(value) : within(value, (inner) => changed(inner as Fields, rest, change));
  return { ...fields, [key]: next };
}

function withVariables(containers: pulumi.Input<unknown>, variables: Variables): pulumi.Input<unknown> {
  return within(containers, (list) => (list as pulumi.Input<Container>[]).map((each) => within(each, (one) => extended(one, variables))));
}

function extended(container: Container, variables: Variables): Container {
  const env = within<readonly unknown[], readonly unknown[]>((container.env ?? []) as pulumi.Input<readonly unknown[]>, (list) => {
    const set = list.map((each) => (each as { name: unknown }).name);
    return [...variables.filter(({ name }) => !set.includes(name)), ...list];
  });
  return { ...container, env: env as Container["env"] };
}

function within<T, U>(value: pulumi.Input<T>, change: (plain: T) => U): pulumi.Input<U> {
  return pulumi.Output.isInstance(value) ? value.apply<U>((plain) => change(plain)) : change(value as T);
}
