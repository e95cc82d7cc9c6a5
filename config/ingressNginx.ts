import { z } from "zod";
import type { IngressNginxArgs } from "../components/platform/ingressNginx";
import { chartPlace } from "./certManager";
import { chartFields, chartProblems } from "./chartFields";
import { type Exposure, exposureSchema } from "./exposure";
import { dnsLabel, dnsName, duration, ipAddress } from "./fields";
import type { Leaf } from "./leafRules";
import { podSecurityLevel } from "./podFields";
import type { Contradiction } from "./problem";

/** `trustplane:ingressNginx`: the internal ingress controller. Absent means that there is none. */
export const ingressNginxSchema = z
  .strictObject({
    install: z.boolean().default(true).meta({ description: "false uses the controller that the cluster already has under className." }),
    namespace: dnsLabel().default("ingress-nginx-internal").meta({ description: "The controller's namespace." }),
    className: dnsLabel().default("nginx-internal").meta({ description: "Name of the IngressClass that the controller serves." }),
    exposure: exposureSchema.prefault({ type: "hostPort" }).meta({ description: "How clients outside the cluster reach the controller." }),
    certificate: z
      .strictObject({
        dnsNames: z.array(dnsName).default([]).meta({ description: "DNS names under which clients reach the controller." }),
        ipAddresses: z.array(ipAddress).default([]).meta({ description: "IP addresses under which clients reach the controller." }),
        duration: duration("1h", "cert-manager's shortest")
          .default("2160h")
          .meta({ description: "How long one leaf is valid; cert-manager renews it." }),
      })
      .prefault({})
      .meta({ description: "The leaf that the controller serves by default." }),
    podSecurity: podSecurityLevel.optional().meta({
      description: "Pod Security level that the namespace enforces; privileged for host ports unless given, else baseline.",
    }),
    ...chartFields,
  })
  .meta({ description: "The internal ingress controller; none where the section is absent." });

/** The internal ingress controller; who signs its leaf is known only to the program. */
export type IngressNginxConfig = Omit<IngressNginxArgs, "issuerRef">;

/** The section as its schema reads it. */
export type GivenIngressNginx = z.output<typeof ingressNginxSchema>;

/** The section as the program uses it. */
export function resolveIngressNginx(given: GivenIngressNginx): IngressNginxConfig {
  return { ...given, chart: chartPlace(given.chart), certificate: { ...given.certificate, ipAddresses: ingressAddresses(given) } };
}

/** What contradicts itself in the section. */
export function ingressNginxProblems(given: GivenIngressNginx): Contradiction[] {
  return [
    ...chartProblems("ingressNginx", given),
    ...portProblems(given.exposure),
    ...classProblems(given),
    ...nameProblems(given),
    ...levelProblems(given),
  ];
}

/** The controller's leaf, where this stack installs it. */
export function ingressLeaves({ install, certificate: { duration } }: GivenIngressNginx): Leaf[] {
  return install ? [{ path: "ingressNginx.certificate.duration", duration, decidedBy: "ingressNginx.install" }] : [];
}

/** The IP addresses of the leaf: those that are given, and the load balancer's. */
export function ingressAddresses({ certificate, exposure }: GivenIngressNginx): string[] {
  const asked = exposure.type === "loadBalancer" && exposure.address !== undefined ? [exposure.address] : [];
  return [...new Set([...certificate.ipAddresses, ...asked])];
}

/** The controller value is made from the class' name, and for this one it would be the value of every ingress-nginx that says nothing of it. */
function classProblems({ install, className }: GivenIngressNginx): Contradiction[] {
  if (!install || className !== "nginx") return [];
  const path = "ingressNginx.className";
  const allowed = "another name than that of an ordinary ingress-nginx: the two would take each other's Ingresses";
  const wayOut = "remove it to have nginx-internal, or set install: false to use that controller";
  return [{ reads: [path, "ingressNginx.install"], path, found: '"nginx"', allowed, wayOut }];
}

/** Its namespace would refuse the controller's pods. */
function levelProblems({ install, exposure, podSecurity }: GivenIngressNginx): Contradiction[] {
  if (!install || exposure.type !== "hostPort" || podSecurity === undefined || podSecurity === "privileged") return [];
  const path = "ingressNginx.podSecurity";
  const allowed = "privileged beside host ports, which the levels baseline and restricted forbid";
  const wayOut = "remove it, or choose the exposure loadBalancer or nodePort";
  return [{ reads: [path, "ingressNginx.exposure", "ingressNginx.install"], path, found: JSON.stringify(podSecurity), allowed, wayOut }];
}

function portProblems(exposure: Exposure): Contradiction[] {
  if (exposure.type !== "hostPort" || exposure.http !== exposure.https) return [];
  const found = `${exposure.https}, the same as http`;
  const allowed = "two different ports: one port of a node is given to one listener";
  const reads = ["ingressNginx.exposure"];
  return [{ reads, path: "ingressNginx.exposure.https", found, allowed, wayOut: "choose another port for one of them" }];
}

function nameProblems(given: GivenIngressNginx): Contradiction[] {
  if (!given.install || given.certificate.dnsNames.length + ingressAddresses(given).length > 0) return [];
  const reads = ["ingressNginx.certificate", "ingressNginx.exposure", "ingressNginx.install"];
  const allowed = "at least one DNS name or IP address: a certificate without names fits no client";
  return [
    {
      reads,
      path: "ingressNginx.certificate",
      found: "no name and no address",
      allowed,
      wayOut: "set dnsNames or ipAddresses to what clients connect to",
    },
  ];
}
