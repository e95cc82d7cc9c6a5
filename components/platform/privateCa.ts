import { X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { CaGeneration } from "./caGeneration";
import { certificateAuthorityIssuer } from "./certificateAuthorityIssuer";
import { type IssuerRef, clusterIssuerRef } from "./certificates";

/** Roots that are made here. */
export interface GeneratedAuthority {
  readonly type: "generated";
  /** The generation that signs. @default 1 */
  readonly generation: number;
  /** The last generation that is dropped; `retire + 1` to `generation` live, one or two. @default 0 */
  readonly retire: number;
  /** Hours that a root is valid. @default 87600 */
  readonly validityHours: number;
  /** Subject common name of the roots, to which the generation is appended; at most 58 characters. @default "trustplane private CA" */
  readonly commonName: string;
  /** Subject organization of the roots. @default "trustplane" */
  readonly organization: string;
}

/** A company's CA. */
export interface ExistingAuthority {
  readonly type: "existing";
  /** PEM: the CA certificate, then those that lead to its root. */
  readonly certificate: string;
  /** PEM. */
  readonly key: pulumi.Input<string>;
}

/** A ClusterIssuer that the cluster has (ACME, Vault). */
export interface ClusterAuthority {
  readonly type: "issuer";
  readonly name: string;
  /** PEM of the roots that verify its certificates; absent for public ones. */
  readonly caBundle?: string;
}

export interface PrivateCaArgs {
  /** The cluster's lasting name; part of the ClusterIssuers' names. */
  readonly identifier: string;
  /** cert-manager's namespace. */
  readonly namespace: pulumi.Input<string>;
  /** Refuse to delete the signing generation's key and root. @default false */
  readonly protect: boolean;
  readonly source: GeneratedAuthority | ExistingAuthority | ClusterAuthority;
}

interface Authority {
  /** The ClusterIssuer's name. */
  readonly issuer: pulumi.Input<string>;
  /** What clients trust, PEM; the signing root last. */
  readonly roots: readonly pulumi.Input<string>[];
  readonly generations: readonly number[];
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
    // without `namespace`: a protected root keeps this component on destroy, and with it whatever its inputs come from
    super("trustplane:platform:PrivateCa", name, { ...args, namespace: undefined }, opts);
    const { issuer, roots, generations } = this.authority(name, args);
    const signing = pulumi.output(roots[roots.length - 1]).apply(firstCertificate);
    this.generations = generations;
    this.issuerRef = clusterIssuerRef(issuer);
    this.bundle = pulumi.all([...roots]).apply((all) => all.map((root) => `${root.trimEnd()}\n`).join(""));
    this.fingerprint = signing.apply((root) => root?.fingerprint256);
    this.expiry = signing.apply((root) => root?.validToDate.toISOString());
    this.registerOutputs({ issuerRef: this.issuerRef, bundle: this.bundle, fingerprint: this.fingerprint, expiry: this.expiry });
  }

  private authority(name: string, args: PrivateCaArgs): Authority {
    const { source } = args;
    switch (source.type) {
      case "generated":
        return this.generated(name, args, source);
      case "existing":
        return this.existing(name, args, source);
      case "issuer":
        return { issuer: source.name, roots: source.caBundle === undefined ? [] : [source.caBundle], generations: [] };
    }
  }

  private generated(name: string, { identifier, namespace, protect }: PrivateCaArgs, source: GeneratedAuthority): Authority {
    const generations = Array.from({ length: source.generation - source.retire }, (_, index) => source.retire + 1 + index);
    const made: CaGeneration[] = [];
    for (const generation of generations) {
      const signs = generation === source.generation;
      const args = { ...source, identifier, namespace, generation, predecessor: made.at(-1), protect: protect && signs };
      made.push(new CaGeneration(`${name}-${generation}`, args, { parent: this }));
    }
    const signing = made.at(-1);
    if (!signing) {
      const reason = `${source.retire} leaves no generation up to ${source.generation} that could sign: lower it`;
      throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors: [{ propertyPath: "source.retire", reason }] });
    }
    return { issuer: signing.issuer, roots: made.map(({ certificate }) => certificate), generations };
  }

  private existing(name: string, { identifier, namespace }: PrivateCaArgs, { certificate, key }: ExistingAuthority): Authority {
    const args = { identifier, namespace, generation: "existing", chain: certificate, privateKey: key } as const;
    return { issuer: certificateAuthorityIssuer(name, args, { parent: this }), roots: [certificate], generations: [] };
  }
}

function firstCertificate(pem: string | undefined): X509Certificate | undefined {
  return pem === undefined ? undefined : new X509Certificate(pem);
}
