import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { certificateAuthorityIssuer } from "./certificateAuthorityIssuer";

export interface CaGenerationArgs {
  /** 1 for the first root, one more for each that follows. */
  readonly generation: number;
  /** The cluster's lasting name; part of the ClusterIssuer's name. */
  readonly identifier: string;
  /** Subject common name of the root, to which the generation is appended. */
  readonly commonName: string;
  /** Subject organization of the root. */
  readonly organization: string;
  /** Hours that the root is valid. */
  readonly validityHours: number;
  /** cert-manager's namespace, where the CA Secret goes. */
  readonly namespace: pulumi.Input<string>;
  /** The generation before, while it lives: it cross-signs this root. */
  readonly predecessor?: CaGeneration;
  /** Refuse to delete the key and the root certificate. */
  readonly protect: boolean;
}

const algorithm = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;
const caUses = ["cert_signing", "crl_signing", "digital_signature"];

/** CAs below a root: the cross certificate of its successor. Below that one stand leaves alone. */
const rootPathLength = 1;
const crossPathLength = 0;

/** Certificates that were made without a limit stay as they are: another one would be a new root, which no client knows. */
const madeBefore = { ignoreChanges: ["maxPathLength"] };

/**
 * One root of the private CA: its key, its self-signed certificate, its CA Secret and its ClusterIssuer.
 *
 * A root with a predecessor is also signed by that. Leaves carry this cross certificate, so a client verifies them whether it
 * trusts the old root, the new one or both. Key and root are data of the stack, known before anything runs on the cluster.
 * @see https://datatracker.ietf.org/doc/html/rfc4210#section-4.4
 */
export class CaGeneration extends pulumi.ComponentResource {
  /** The self-signed root certificate, PEM. */
  readonly certificate: pulumi.Output<string>;
  /** When the root expires, RFC 3339. */
  readonly expiry: pulumi.Output<string>;
  /** Name of the ClusterIssuer that signs with this root; known once it is Ready. */
  readonly issuer: pulumi.Output<string>;
  private readonly key: tls.PrivateKey;

  constructor(name: string, args: CaGenerationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("trustplane:platform:CaGeneration", name, { ...args, namespace: undefined, predecessor: undefined }, opts);
    const kept = { parent: this, protect: args.protect };
    this.key = new tls.PrivateKey(`${name}-key`, algorithm, kept);
    const rootInputs = { ...rootArgs(args), privateKeyPem: this.key.privateKeyPem };
    const root = new tls.SelfSignedCert(`${name}-root`, rootInputs, { ...kept, ...madeBefore });
    this.certificate = root.certPem;
    this.expiry = root.validityEndTime;
    const chain = args.predecessor ? this.crossSigned(name, args, args.predecessor, root) : root.certPem;
    const issuer = { ...args, chain, privateKey: this.key.privateKeyPem, notAfter: root.validityEndTime };
    this.issuer = certificateAuthorityIssuer(name, issuer, { parent: this });
    this.registerOutputs({ certificate: this.certificate, expiry: this.expiry, issuer: this.issuer });
  }

  /** The cross certificate followed by the root that signed it. */
  private crossSigned(name: string, args: CaGenerationArgs, predecessor: CaGeneration, root: tls.SelfSignedCert): pulumi.Output<string> {
    const request = new tls.CertRequest(
      `${name}-request`,
      { privateKeyPem: this.key.privateKeyPem, subject: subject(args) },
      { parent: this },
    );
    const cross = new tls.LocallySignedCert(
      `${name}-cross`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: predecessor.certificate,
        caPrivateKeyPem: predecessor.key.privateKeyPem,
        validityPeriodHours: pulumi.all([root.validityStartTime, predecessor.expiry]).apply(([from, until]) => wholeHours(from, until)),
        allowedUses: caUses,
        isCaCertificate: true,
        maxPathLength: crossPathLength,
        setSubjectKeyId: true,
      },
      { parent: this, ...madeBefore },
    );
    return pulumi.concat(cross.certPem, predecessor.certificate);
  }
}

function subject({ generation, commonName, organization }: CaGenerationArgs): tls.types.input.SelfSignedCertSubject {
  return { commonName: `${commonName} ${generation}`, organization };
}

function rootArgs(args: CaGenerationArgs): Omit<tls.SelfSignedCertArgs, "privateKeyPem"> {
  return {
    subject: subject(args),
    validityPeriodHours: args.validityHours,
    allowedUses: caUses,
    isCaCertificate: true,
    maxPathLength: rootPathLength,
    setSubjectKeyId: true,
    setAuthorityKeyId: true,
  };
}

/** An hour less than lies between, because the cross certificate starts a little after its root and must not outlive its signer. */
function wholeHours(from: string, until: string): number {
  return Math.max(1, Math.floor((Date.parse(until) - Date.parse(from)) / 3_600_000) - 1);
}
