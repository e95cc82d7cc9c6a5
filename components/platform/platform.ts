import type * as pulumi from "@pulumi/pulumi";
import type { IssuerRef } from "./certificates";
import type { IngressNginx } from "./ingressNginx";
import { type OwnPlatformArgs, ownPlatform } from "./ownPlatform";
import { platformReference } from "./platformReference";
import type { PublishedPlatform, SharedSystems } from "./publishedPlatform";

/** What systems need of a platform, whether this stack makes it or another one has it. */
export interface Platform {
  /** The cluster's lasting name. */
  readonly identifier: string;
  /** Who signs leaves. */
  readonly issuerRef: IssuerRef;
  /** Roots that clients need, PEM, all live generations; empty where the issuer is publicly trusted. */
  readonly bundle: pulumi.Output<string>;
  /** The live generations; empty for a CA that was not made here. */
  readonly generations: pulumi.Input<readonly number[]>;
  /** The internal ingress; absent where there is none, or where it is another stack's. */
  readonly ingress?: Pick<IngressNginx, "namespace" | "className" | "httpsPort">;
  /** What another stack has of systems that stacks share; absent where this stack has the platform. */
  readonly shared?: pulumi.Output<Pick<PublishedPlatform, "kubernetesApi" | "plexus">>;
  /** What the stack shows of it. */
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
  /** The stack output by which other stacks stand on this platform; `undefined` where it is itself another stack's. */
  publish(systems: SharedSystems): pulumi.Input<PublishedPlatform> | undefined;
}

export type PlatformArgs =
  ({ readonly type: "own" } & OwnPlatformArgs) | { readonly type: "stack"; /** The stack that has the platform. */ readonly stack: string };

/** The platform that this stack makes, or that of the stack which it names. */
export function platformOf(identifier: string, args: PlatformArgs, opts: pulumi.ComponentResourceOptions): Platform {
  return args.type === "own" ? ownPlatform(identifier, args, opts) : platformReference(identifier, args.stack);
}
