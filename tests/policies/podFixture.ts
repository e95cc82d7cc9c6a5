import type { PlainStackResource } from "../../policies/judgement";
import { type Properties, resource } from "./ruleCase";

/** A Deployment that breaks no rule. */
export function deployment(): PlainStackResource {
  const template = { metadata: { labels: { "app.kubernetes.io/name": "web" } }, spec: podSpec() };
  const metadata = { name: "web", namespace: "lab", labels: recommended };
  return resource("kubernetes:apps/v1:Deployment", { metadata, spec: { replicas: 2, selector: {}, template } });
}

const recommended = {
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/instance": "web",
  "app.kubernetes.io/part-of": "lab",
  "app.kubernetes.io/managed-by": "pulumi",
};

/** Where a Deployment has its pods' specification. */
export const inPod = "spec.template.spec";

/** Where it has its container. */
export const inContainer = `${inPod}.containers.0`;

export function podSpec(): Properties {
  return {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    volumes: [{ name: "data", emptyDir: {} }],
    containers: [container()],
  };
}

function container(): Properties {
  return {
    name: "web",
    image: "registry.example.org/web:1.0.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ports: [{ containerPort: 8080 }],
    env: [{ name: "MODE", value: "fast" }],
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "64Mi" } },
    livenessProbe: { tcpSocket: { port: 8080 } },
    readinessProbe: { httpGet: { port: 8080, path: "/" } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
  };
}
