import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ClaimArgs } from "../platform/keptObjects";
import { API_SERVER, type ProxyArgs, proxyEnvironment } from "../platform/proxyEnvironment";
import { type AgentSettings, agentConfiguration } from "./agentConfiguration";
import { type RightsArgs, agentRights } from "./agentRights";
import { agentNetworkPolicy } from "./agentNetworkPolicy";
import { type AgentTrust, type CaBundleArgs, agentTrust } from "./agentTrust";
import { type AgentWorkloadArgs, agentDeployment } from "./agentWorkload";
import { agentNamespace, dataClaim, existingNamespace } from "./keptObjects";
import { checkArguments } from "./ponosArguments";
import type { PonosScope } from "./ponosScope";

export interface PonosAgentArgs extends AgentSettings, AgentWorkloadArgs, RightsArgs {
  /** The farm's seed in Arkindex. @default one that is made, for an administrator to give to the farm */
  readonly seed?: pulumi.Input<string>;
  /** The namespace of the agent and of its jobs; made unless it is `default`. @default "default" */
  readonly namespace: string;
  /** Refuse to take the data volume's claim, and a namespace of its own, out of the stack. @default false */
  readonly protect: boolean;
  /** Lets nobody connect to the pods of a namespace of its own; there is none for `default`, whose pods are others'. @default true */
  readonly networkPolicy: boolean;
  readonly storage: Omit<ClaimArgs, "protect">;
  /** The CA for the agent and its jobs. @default none */
  readonly caBundle?: CaBundleArgs;
  /** The proxy of the agent and its jobs. @default none */
  readonly proxy?: ProxyArgs;
  /** The cluster's lasting name, by which the CA's bundles are found again. */
  readonly identifier: string;
  /** The CA's live roots, PEM. */
  readonly certificates: pulumi.Input<string>;
  /** The generations that `certificates` holds; empty for a CA that was not made here. */
  readonly generations: pulumi.Input<readonly number[]>;
}

/**
 * The Ponos agent of one Arkindex farm, which runs Arkindex' machine-learning tasks as Jobs: its rights, its data volume, its configuration,
 * one pod; and the private CA for it and for its Jobs.
 *
 * Needs storage that all its nodes can mount, and the agent's image, which Teklia gives to its customers. The data volume's claim stays on
 * destroy, and so does a namespace of its own.
 * @see https://doc.teklia.com/ponos_agent/contents/setup/kubernetes/
 */
export class PonosAgent extends pulumi.ComponentResource {
  /** The seed that was made, secret, for the farm in Arkindex; absent where one was given. */
  readonly seed?: pulumi.Output<string>;
  /** Name of the Deployment; known once the agent runs, which is not waited for where the seed was made. */
  readonly deploymentName: pulumi.Output<string>;
  /** Its namespace by its name, known once it is there. */
  readonly namespaces: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PonosAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    // without what comes from others: a protected claim keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:ponos:PonosAgent", name, { namespace: args.namespace, farmId: args.farmId }, opts);
    const scope = { name, opts: { parent: this } };
    const namespace = agentNamespace(scope, args.namespace, args.protect);
    this.namespaces = { [args.namespace]: namespace };
    const seed = pulumi.secret(args.seed ?? madeSeed(scope));
    this.seed = args.seed === undefined ? seed : undefined;
    this.deploymentName = agent({ ...scope, namespace }, args, seed);
    this.registerOutputs({ seed: this.seed, deploymentName: this.deploymentName });
  }
}

function agent(scope: PonosScope, args: PonosAgentArgs, seed: pulumi.Output<string>): pulumi.Output<string> {
  const { claimName } = args.storage;
  if (args.networkPolicy && args.namespace !== existingNamespace) agentNetworkPolicy(scope);
  const claim = dataClaim(scope, { ...args.storage, protect: args.protect });
  const { binding, serviceAccountName } = agentRights(scope, args);
  const trust = agentTrust(scope, args);
  const place = { namespace: args.namespace, claimName };
  const deployment = agentDeployment(scope, args, {
    text: seed.apply((plain) => agentConfiguration(withTrust(args, trust), { ...place, seed: plain })),
    claimName,
    serviceAccountName,
    environment: { ...trust.environment, ...proxyEnvironment(args.proxy, API_SERVER) },
    bundle: trust.bundle,
    bundleDigest: trust.digest,
    dependsOn: [claim, binding, ...trust.dependsOn],
    canRegister: args.seed !== undefined,
  });
  return deployment.metadata.name;
}

/** What the user says of jobs, and what trust and proxy need in each of them. */
function withTrust(args: PonosAgentArgs, { environment, jobVolumes }: AgentTrust): AgentSettings {
  return {
    ...args,
    extraEnvironment: { ...args.extraEnvironment, ...environment, ...proxyEnvironment(args.proxy) },
    extraVolumes: [...jobVolumes, ...args.extraVolumes],
  };
}

/** 64 hexadecimal digits, as Arkindex makes them. */
function madeSeed({ name, opts }: Omit<PonosScope, "namespace">): pulumi.Output<string> {
  const digits = { special: true, overrideSpecial: "0123456789abcdef", lower: false, upper: false, numeric: false };
  return new random.RandomPassword(`${name}-seed`, { length: 64, ...digits }, opts).result;
}
