import { podTemplatePath } from "../../config/podTemplatePath";
import { at, listAt, textAt, textsAt } from "../valueAt";
import { type KubernetesObject, objectName } from "./kubernetesObject";
import type { ExposureChange } from "./previewReport";

type Objects = ReadonlyMap<string, KubernetesObject>;

/** Ways into the cluster that open and close: node ports, load balancers, external addresses, host ports, the nodes' network, Ingress hosts. */
export function exposureDelta(before: Objects, after: Objects): readonly ExposureChange[] {
  const [was, is] = [exposuresOf(before), exposuresOf(after)];
  return [...missing(is, was).map((way) => ({ opens: true, ...way })), ...missing(was, is).map((way) => ({ opens: false, ...way }))];
}

type Way = Omit<ExposureChange, "opens">;

function missing(ways: readonly Way[], others: readonly Way[]): readonly Way[] {
  const known = new Set(others.map(({ resource, way }) => `${resource} ${way}`));
  return ways.filter(({ resource, way }) => !known.has(`${resource} ${way}`));
}

function exposuresOf(objects: Objects): readonly Way[] {
  return [...objects.values()].flatMap((object) =>
    [...new Set(waysOf(object))].map((way) => ({ resource: `${object.kind} ${objectName(object)}`, way })),
  );
}

function waysOf(object: KubernetesObject): readonly string[] {
  const { kind, group, inputs } = object;
  if (kind === "Service" && group === "") return serviceWays(inputs);
  if (kind === "Ingress") return ingressWays(inputs);
  const template = podTemplatePath(object);
  return template === undefined ? [] : podWays(at(inputs, ...template, "spec"));
}

function numberAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === "number" || typeof found === "string" ? String(found) : undefined;
}

function serviceWays(inputs: unknown): readonly string[] {
  const type = textAt(inputs, "spec", "type");
  const ports = listAt(inputs, "spec", "ports");
  const addresses = textsAt(inputs, "spec", "externalIPs");
  const ranges = textsAt(inputs, "spec", "loadBalancerSourceRanges");
  const from = ranges.length === 0 ? "from anywhere" : `from ${ranges.join(", ")}`;
  return ports.flatMap((port) => {
    const number = numberAt(port, "port") ?? "?";
    const outside = addresses.map((address) => `external address ${address}, port ${number}`);
    if (type === "NodePort") return [`node port ${numberAt(port, "nodePort") ?? "(chosen by the cluster)"} to port ${number}`, ...outside];
    return type === "LoadBalancer" ? [`load balancer, port ${number}, ${from}`, ...outside] : outside;
  });
}

function ingressWays(inputs: unknown): readonly string[] {
  const name = textAt(inputs, "spec", "ingressClassName");
  const by = name === undefined ? "by the default Ingress class" : `by Ingress class ${name}`;
  const secured = new Set(listAt(inputs, "spec", "tls").flatMap((tls) => textsAt(tls, "hosts")));
  const hosts = listAt(inputs, "spec", "rules").flatMap((rule) => {
    const host = textAt(rule, "host");
    const address = host === undefined ? "every host" : `${secured.has(host) ? "https" : "http"}://${host}`;
    const paths = listAt(rule, "http", "paths").map((path) => textAt(path, "path") ?? "/");
    return (paths.length === 0 ? ["/"] : paths).map((path) => `${address}${host === undefined ? `, path ${path}` : path} ${by}`);
  });
  return at(inputs, "spec", "defaultBackend") === undefined ? hosts : [...hosts, `every other host ${by}`];
}

function podWays(spec: unknown): readonly string[] {
  const network = at(spec, "hostNetwork") === true ? ["the nodes' own network"] : [];
  const containers = ["containers", "initContainers"].flatMap((list) => listAt(spec, list));
  const ports = containers
    .flatMap((container) => listAt(container, "ports"))
    .flatMap((port) => {
      const number = numberAt(port, "hostPort");
      return number === undefined || number === "0" ? [] : [`port ${number} of its nodes`];
    });
  return [...network, ...ports];
}
