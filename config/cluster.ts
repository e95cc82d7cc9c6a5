import { z } from "zod";
import { dnsLabel } from "./fields";
import { projectPath } from "./projectPath";

/** `trustplane-<identifier>-ca-<generation>` must stay a DNS label of 63 characters, with room for a long generation. */
const LONGEST_IDENTIFIER = 40;

/** `trustplane:cluster`: which cluster the stack is for, and how to reach it. */
export const clusterSchema = z
  .strictObject({
    identifier: dnsLabel(LONGEST_IDENTIFIER, "names made from it must fit the 63 of RFC 1123").meta({
      description: "The cluster's lasting name: part of object names, and what the provider knows the cluster by when its address changes.",
    }),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Path of the kubeconfig, from the project's folder or ~/; KUBECONFIG, then ~/.kube/config, unless given." }),
    context: z.string().min(1).optional().meta({ description: "The kubeconfig's context; its current-context unless given." }),
    preflight: z.boolean().default(true).meta({ description: "Whether the live cluster is looked at before anything is planned." }),
  })
  .meta({ description: "Which cluster the stack is for, and how to reach it." });

/** Which cluster the stack is for, and how to reach it. */
export interface ClusterConfig {
  /** The cluster's lasting name: a DNS label of at most 40 characters. */
  readonly identifier: string;
  /** Absolute path; where absent, `KUBECONFIG` and then `~/.kube/config` is meant. */
  readonly kubeconfig?: string;
  /** Where absent, the kubeconfig's current context is meant. */
  readonly context?: string;
  /** Whether `preflight/` reads the live cluster. @default true */
  readonly preflight: boolean;
}

/** The section as the program uses it. */
export function resolveCluster(given: z.output<typeof clusterSchema>): ClusterConfig {
  return { ...given, kubeconfig: given.kubeconfig === undefined ? undefined : projectPath(given.kubeconfig) };
}
