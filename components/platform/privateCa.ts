import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CaGeneration } from "./caGeneration";
import { certificateAuthorityIssuer } from "./certificateAuthorityIssuer";
import { type IssuerRef, clusterIssuerRef } from "./certificates";

export interface PrivateCaArgs {
  /** The cluster's lasting name; part of the roots' subjects and of the ClusterIssuers' names. */
  readonly identifier: string;
  /** cert-manager's namespace. */
  readonly namespace: pulumi.Input<string>;
  /** The generation that signs. @default 1 */
  readonly generation: number;
  /** Generations up to this one are dropped. @default 0 */
  readonly retire: number;
  /** Hours that a root is valid. @default 87600 */
  readonly validityHours: number;
  /** Subject organization of the roots. @default "trustplane" */
  readonly organization: string;
  /** Refuse to delete the signing generation's key and root. @default false */
  readonly protect: boolean;
  /** A company's CA instead of a generated one. */
  readonly existing?: {
    /** PEM: the CA certificate, then those that lead to its root. */
    readonly certificate: string;
    readonly privateKey: pulumi.Input<string>;
  };
  /** A ClusterIssuer that the cluster has (ACME, Vault) instead. */
  readonly issuer?: {
    readonly name: string;
    /** PEM of the roots that verify its certificates; empty for public ones. */
    readonly caBundle: string;
  };
}

interface Authority {
  readonly issuer: pulumi.Input<string>;
  /** Live roots, the signing one last. */
  readonly roots: readonly pulumi.Input<string>[];
}

/**
 * The authority that signs this platform's certificates: roots of its own, a company's CA, or an issuer of the cluster.
 *
 * Rotation is a number: `generation` up by one makes a root that its predecessor cross-signs, `retire` drops the
 * predecessor. Needs cert-manager; leaves are requested by others through `issuerRef`.
 * @see https://cert-manager.io/docs/configuration/ca/
 */
export class PrivateCa extends pulumi.ComponentResource {
  /** What a Certificate refers to; known once the issuer is Ready. */
  readonly issuerRef: IssuerRef;
  /** Roots that clients need, PEM, the signing one last; empty where an issuer is publicly trusted. */
  readonly bundle: pulumi.Output<string>;
  /** SHA-256 fingerprint of the signing root, in pairs with colons; absent where there is none. */
  readonly fingerprint: pulumi.Output<string | undefined>;
  /** When the signing root expires, RFC 3339; absent where there is none. */
  readonly expiry: pulumi.Output<string | undefined>;
  /** The live generations; empty for a CA that was not made here. */
  readonly generations: readonly number[];

  constructor(name: string, args: PrivateCaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:platform:PrivateCa", name, args, opts);
    this.generations = args.existing || args.issuer ? [] : liveGenerations(args);
    const { issuer, roots } = this.authority(name, args);
    const signing = pulumi.output(roots[roots.length - 1]);
    this.issuerRef = clusterIssuerRef(issuer);
    this.bundle = pulumi.all([...roots]).apply((all) => all.map((root) => root.trimEnd() + "\n").join(""));
    this.fingerprint = signing.apply((root) => firstCertificate(root)?.fingerprint256);
    this.expiry = signing.apply((root) => firstCertificate(root)?.validToDate.toISOString());
    this.registerOutputs({ issuerRef: this.issuerRef, bundle: this.bundle, fingerprint: this.fingerprint, expiry: this.expiry });
  }

  private authority(name: string, args: PrivateCaArgs): Authority {
    if (args.issuer) return { issuer: args.issuer.name, roots: args.issuer.caBundle === "" ? [] : [args.issuer.caBundle] };
    if (args.existing) return this.existing(name, args, args.existing);
    return this.generated(name, args);
  }

  private existing(name: string, args: PrivateCaArgs, existing: NonNullable<PrivateCaArgs["existing"]>): Authority {
    const { certificate, privateKey } = existing;
    const { identifier, namespace } = args;
    const authority = { identifier, namespace, generation: 0, chain: certificate, root: certificate, privateKey };
    return { issuer: certificateAuthorityIssuer(name, authority, { parent: this }), roots: [certificate] };
  }

  private generated(name: string, args: PrivateCaArgs): Authority {
    const made: CaGeneration[] = [];
    for (const generation of this.generations) {
      const signs = generation === args.generation;
      const predecessor = made[made.length - 1];
      const protect = args.protect && signs;
      made.push(new CaGeneration(`${name}-${generation}`, { ...args, generation, predecessor, protect }, { parent: this }));
    }
    const signing = made[made.length - 1];
    if (!signing) throw new Error(`no generation of ${name} is left to sign: retire is ${args.retire}, generation ${args.generation}`);
    return { issuer: signing.issuer, roots: made.map(({ certificate }) => certificate) };
  }
}

function liveGenerations({ generation, retire }: PrivateCaArgs): readonly number[] {
  return Array.from({ length: generation - retire }, (_, index) => retire + 1 + index);
}

function firstCertificate(pem: string | undefined): X509Certificate | undefined {
  return pem === undefined ? undefined : new X509Certificate(pem);
}
