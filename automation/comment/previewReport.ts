/** What a preview found, as plain data: everything that the comment says, with every secret masked already. */
export interface PreviewReport {
  readonly project: string;
  readonly stack: string;
  /** The commit that was previewed, as Git names it; absent outside a repository. */
  readonly commit?: string;
  readonly durationSeconds: number;
  readonly verdict: Verdict;
  /** Why the preview failed; the comment is made all the same. */
  readonly error?: string;
  /** Whether the stack has never been updated. */
  readonly firstTime: boolean;
  /** Changes alone, each once, in the engine's order. */
  readonly steps: readonly ReportStep[];
  /** How many resources stay as they are. */
  readonly unchanged: number;
  /** Whether outputs of the stack change and nothing else. */
  readonly outputsOnly: boolean;
  readonly warnings: readonly string[];
  readonly policies: readonly PolicyResult[];
  readonly irreversible: readonly IrreversibleChange[];
  readonly rights: readonly RightsChange[];
  readonly certificates: readonly CertificateChange[];
  readonly exposures: readonly ExposureChange[];
  readonly blastRadius: BlastRadius;
}

/** `violations` is a preview that ran to its end and violates a mandatory rule; `failed` is one that did not. */
export type Verdict = "unchanged" | "changes" | "violations" | "failed";

/** One resource that changes. */
export interface ReportStep {
  /** The engine's word, e.g. `create`, `replace`, `discard`. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Top-level properties that differ. */
  readonly changedKeys: readonly string[];
  /** Properties that cannot be changed in place; empty but for a replacement. */
  readonly replaceKeys: readonly string[];
  readonly diff: readonly PropertyChange[];
  readonly protect: boolean;
}

/** One value of a resource's inputs. A value that is absent on one side was added or taken away. */
export interface PropertyChange {
  /** From the resource's inputs, e.g. `spec.ports[0].port`. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export type PolicyLevel = "mandatory" | "advisory" | "excepted" | "undetermined";

export interface PolicyResult {
  readonly rule: string;
  readonly title?: string;
  /** Page about the rule. */
  readonly url?: string;
  readonly severity?: string;
  readonly level: PolicyLevel;
  /** URN; absent for what concerns the whole stack. */
  readonly resource?: string;
  readonly message: string;
  /** Whether this change brings it; the others were there before. */
  readonly isNew: boolean;
}

/** The loss of something that cannot be made again. */
export interface IrreversibleChange {
  readonly op: string;
  readonly urn: string;
  /** What is lost, in a short sentence. */
  readonly loss: string;
  /** Whether the engine refuses it, because the resource is protected. */
  readonly protect: boolean;
}

/** What a subject of RBAC may do more or less than before. */
export interface RightsChange {
  /** `ServiceAccount plexus/alice`, `User jane`, `Group system:masters`. */
  readonly subject: string;
  readonly gains: readonly Right[];
  readonly loses: readonly Right[];
}

export interface Right {
  /** In words, with its scope: `get, list secrets in all namespaces`. */
  readonly text: string;
  /** How much it gives away, 0 to 100, which owns the cluster. */
  readonly score: number;
  /** What can be done with it that it does not say by itself, the most dangerous first: `act as any user`. */
  readonly means: readonly string[];
}

/** A certificate before and after. What is known only after the update is absent. */
export interface CertificateChange {
  readonly op: string;
  readonly urn: string;
  readonly before?: CertificateFacts;
  readonly after?: CertificateFacts;
  /** Short names of the resources that must take up the new certificate. */
  readonly consumers: readonly string[];
}

export interface CertificateFacts {
  readonly subject?: string;
  /** RFC 3339 date, or a length of time for a certificate that is not made yet. */
  readonly expiry?: string;
  readonly algorithm?: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly fingerprint?: string;
}

/** A way into the cluster that opens or closes. */
export interface ExposureChange {
  readonly opens: boolean;
  readonly resource: string;
  /** In words: `NodePort 30443 to port 443`. */
  readonly way: string;
}

/** Which resources depend on those that change, by the state before. */
export interface BlastRadius {
  /** How many existing resources change. */
  readonly changed: number;
  /** How many others depend on one of those, at any distance. */
  readonly dependants: number;
  /** From what changes outwards, the nearest first. */
  readonly edges: readonly DependencyEdge[];
}

export interface DependencyEdge {
  /** Short name of what is depended on. */
  readonly from: string;
  /** Short name of what depends on it. */
  readonly to: string;
}
