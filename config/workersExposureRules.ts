import type { GivenIngressNginx } from "./ingressNginx";
import type { ReadableInterlink } from "./interlinkIngressRules";
import type { Contradiction } from "./problem";
import { contradiction } from "./workersContradiction";
import type { ReadableWorkers } from "./workersSchema";

/** The sections beside which the worker services are exposed, as far as they can be read. */
export interface ExposedSections {
  readonly ingressNginx?: GivenIngressNginx | undefined;
  readonly interlink?: ReadableInterlink | undefined;
}

const BACKEND = ["ingress", "defaultBackend"];
const EXPOSURE = ["ingress", "example", "exposure"];

/** What nobody could reach, or what two would answer. */
export function exposureProblems(given: ReadableWorkers, sections: ExposedSections): Contradiction[] {
  return [...controllerProblems(given, sections), ...backendProblems(given, sections), ...hostProblems(given, sections)];
}

function controllerProblems({ ingress }: ReadableWorkers, { ingressNginx }: ExposedSections): Contradiction[] {
  if (ingressNginx !== undefined) return [];
  const finding = {
    found: "set, and trustplane:ingressNginx is absent",
    allowed: "only where this stack has the internal ingress: its controller reads no namespace but its own",
    wayOut: "add trustplane:ingressNginx, or remove it here",
  };
  const behind = [
    ...(ingress?.defaultBackend === undefined ? [] : [BACKEND]),
    ...(ingress?.example?.exposure.type === "ingress" ? [[...EXPOSURE, "type"]] : []),
  ];
  return behind.map((at) => contradiction(at, ["ingressNginx", "platform"], finding));
}

function backendProblems({ ingress }: ReadableWorkers, { interlink }: ExposedSections): Contradiction[] {
  if (ingress?.defaultBackend === undefined || interlink?.exposure?.type !== "ingress") return [];
  return [
    contradiction(BACKEND, ["interlink.exposure"], {
      found: "set, and trustplane:interlink.exposure is ingress",
      allowed:
        "one that answers what the ingress has no host for: the edge to the Kubernetes API does, since its clients connect by address",
      wayOut: "remove defaultBackend, or choose another exposure for interlink",
    }),
  ];
}

/** A wildcard stands for one label. @see https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3 */
function hostProblems({ ingress }: ReadableWorkers, { ingressNginx }: ExposedSections): Contradiction[] {
  const exposure = ingress?.example?.exposure;
  if (exposure?.type !== "ingress" || ingressNginx?.install !== true) return [];
  const { host } = exposure;
  const { dnsNames } = ingressNginx.certificate;
  if (dnsNames.includes(host) || dnsNames.includes(host.replace(/^[^.]+/, "*"))) return [];
  return [
    contradiction([...EXPOSURE, "host"], ["ingressNginx.certificate", "ingressNginx.install"], {
      found: JSON.stringify(host),
      allowed: `a DNS name of the certificate that clients see, the ingress': ${dnsNames.length === 0 ? "it has none yet" : dnsNames.join(", ")}`,
      wayOut: `write one of them, or add ${JSON.stringify(host)} to trustplane:ingressNginx.certificate.dnsNames`,
    }),
  ];
}
