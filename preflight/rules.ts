import type { Problem } from "../config/problem";
import type { StackConfig } from "../config/readConfig";
import type { ClusterFacts } from "./clusterFacts";
import { datashimProblems } from "./datashimRules";
import { generationProblems } from "./generationRules";
import { geocubeProblems } from "./geocubeRules";
import { interlinkProblems } from "./interlinkRules";
import { issuerProblems } from "./issuerRules";
import { keptClaimProblems } from "./keptClaimRules";
import { keptNamespaceProblems } from "./keptNamespaceRules";
import { leafProblems } from "./leafRules";
import { lookAlikeProblems } from "./lookAlikeRules";
import { certManagerProblems, ingressClassProblems } from "./platformRules";
import { kubernetesApiProblems, plexusProblems } from "./plexusRules";
import { storageProblems } from "./storageRules";
import { workersProblems } from "./workersRules";
import { zoneProblems } from "./zoneRules";

/** What a part of the configuration asks of the cluster. */
export interface Rule {
  /** The part. */
  readonly about: string;
  /** What the cluster does not give; throws the ReadError of a fact that it needs and that could not be read. */
  readonly problems: (config: StackConfig, facts: ClusterFacts) => readonly Problem[];
  /** Whether an update is refused for a problem, or warned of it. */
  readonly onProblem: "refuse" | "warn";
  /** Whether an update goes on where a fact could not be read: not where it may take or break what is on the cluster. */
  readonly onUnread: "refuse" | "warn";
}

export const refuse = { onProblem: "refuse", onUnread: "refuse" } as const;

/** What would go wrong would only wait: a certificate, a pod. */
export const advise = { onProblem: "refuse", onUnread: "warn" } as const;

/** Every rule but those that ask for more than the facts. */
export const rules: readonly Rule[] = [
  { about: "charts", problems: lookAlikeProblems, ...refuse },
  { about: "trustplane:certManager", problems: certManager, ...refuse },
  { about: "trustplane:ingressNginx", problems: ingressClass, ...refuse },
  { about: "trustplane:certificateAuthority.generation", problems: generation, ...refuse },
  { about: "certificates' issuers", problems: issuerProblems, ...advise },
  { about: "trustplane:interlink", problems: ({ interlink }, facts) => interlinkProblems(interlink, facts), ...advise },
  { about: "certificates' durations", problems: leafProblems, ...advise },
  {
    about: "trustplane:ponos.storage",
    problems: ({ ponos }, facts) => storageProblems("trustplane:ponos.storage", ponos, facts),
    ...refuse,
  },
  { about: "claims that stay on destroy", problems: keptClaimProblems, ...refuse },
  { about: "namespaces that stay on destroy", problems: keptNamespaceProblems, ...refuse },
  { about: "trustplane:plexus", problems: ({ plexus }, facts) => plexusProblems(plexus, facts), ...refuse },
  { about: "trustplane:plexus.kubernetesApi", problems: ({ plexus, cluster }) => kubernetesApiProblems(plexus, cluster), ...refuse },
  { about: "nodes' zones", problems: zoneProblems, onProblem: "warn", onUnread: "warn" },
  { about: "trustplane:geocube", problems: ({ geocube }, facts) => geocubeProblems(geocube, facts), ...refuse },
  { about: "trustplane:plexus.datashim", problems: ({ plexus }, facts) => datashimProblems(plexus?.shared?.datashim, facts), ...refuse },
  { about: "trustplane:workers", problems: workersProblems, ...refuse },
];

function certManager({ platform }: StackConfig, facts: ClusterFacts): readonly Problem[] {
  if (platform.type === "stack" || facts.certManager === undefined) return [];
  return certManagerProblems(platform.certManager, facts.certManager);
}

function ingressClass({ platform }: StackConfig, facts: ClusterFacts): readonly Problem[] {
  return platform.type === "stack" || platform.ingressNginx === undefined ? [] : ingressClassProblems(platform.ingressNginx, facts);
}

function generation({ platform }: StackConfig, facts: ClusterFacts): readonly Problem[] {
  if (platform.type === "stack" || platform.certificateAuthority.source.type !== "generated") return [];
  return generationProblems(platform.certificateAuthority.source, facts.issuedGenerations);
}
