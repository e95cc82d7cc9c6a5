import { nsa } from "../frameworks";
import { type Container, containerRule } from "../podTemplates";
import type { Finding } from "../rule";
import { reliability } from "./facts";

const amounts = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "cpu"],
  ["limits", "memory"],
] as const;

export const requireResources = containerRule(
  {
    name: "require-resources",
    title: "Containers say what they need and what they may take at most.",
    severity: "low",
    level: "advisory",
    frameworks: [nsa("C-0270"), nsa("C-0271")],
    remediation: ["Write resources.requests and resources.limits, of cpu and memory."],
    scopes: ["amounts"],
  },
  (container) =>
    amounts
      .filter((place) => container.at("resources", ...place).isAbsent())
      .map((place) => ({ message: `has no resources.${place.join(".")}; write one`, value: { amounts: [place.join(".")] } })),
);

const gpu = /^([\w.-]+\/)?gpu$/;

export const requireEqualGpuLimits = containerRule(
  {
    ...reliability,
    name: "require-equal-gpu-limits",
    title: "A container's GPUs are requested and limited alike.",
    remediation: ["Write the same number in resources.requests and resources.limits, or in limits alone."],
  },
  (container) => {
    const [requests, limits] = [container.at("resources", "requests"), container.at("resources", "limits")];
    return requests
      .keys()
      .filter((key) => gpu.test(key))
      .flatMap((key): readonly Finding[] => {
        const [asked, limit] = [requests.at(key), limits.at(key)];
        if (asked.isUnknown() || limit.isUnknown() || (limit.isPresent() && asked.number() === limit.number())) return [];
        return [
          { message: `requests ${asked.number() ?? "?"} of ${key} and is limited to ${limit.number() ?? "none"}; both must be the same` },
        ];
      });
  },
);

/** Only pods that are to run for ever are asked whether they do. */
function served(kind: string): boolean {
  return kind !== "Job" && kind !== "CronJob";
}

export const requireProbes = containerRule(
  {
    name: "require-probes",
    title: "Containers say when they are alive and when they are ready.",
    severity: "low",
    level: "advisory",
    frameworks: [nsa("C-0056"), nsa("C-0018")],
    remediation: ["Write livenessProbe and readinessProbe."],
    scopes: ["probes"],
  },
  (container, { kind }) => {
    const missing = ["livenessProbe", "readinessProbe"].filter((probe) => container.at(probe).isAbsent());
    if (!served(kind) || container.list !== "containers") return [];
    return missing.map((probe) => ({ message: `has no ${probe}; write one`, value: { probes: [probe] } }));
  },
);

function shape(container: Container, probe: string): string | undefined {
  const leaves = ["httpGet", "tcpSocket", "exec", "grpc"].map((handler) => container.at(probe, handler));
  if (!leaves.some((handler) => handler.isPresent()) || leaves.some((handler) => handler.isUnknown())) return undefined;
  const texts = leaves.flatMap((handler) =>
    handler.entries().map(([key, value]) => `${handler.path.split(".").at(-1) ?? ""}.${key}=${leaf(value)}`),
  );
  return [...texts, ...["failureThreshold", "periodSeconds"].map((key) => `${key}=${leaf(container.at(probe, key))}`)].join(" ");
}

function leaf(value: { text(): string | undefined; number(): number | undefined }): string {
  return value.text() ?? String(value.number() ?? "");
}

export const disallowIdenticalProbes = containerRule(
  {
    ...reliability,
    name: "disallow-identical-probes",
    title: "A container that is not ready is not restarted for it.",
    remediation: ["Make livenessProbe ask less, or fail later, than readinessProbe."],
  },
  (container) => {
    const [alive, ready] = [shape(container, "livenessProbe"), shape(container, "readinessProbe")];
    const same = alive !== undefined && alive === ready;
    return same ? [{ message: "has one probe for livenessProbe and readinessProbe; a busy container is restarted for it" }] : [];
  },
);

export const containerRules = [requireResources, requireEqualGpuLimits, requireProbes, disallowIdenticalProbes];
