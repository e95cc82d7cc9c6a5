import type { CustomResourceOptions } from "@pulumi/pulumi";

/** What a case may use: a namespace of its own and kubectl on the cluster. */
export interface CaseContext {
  readonly namespace: string;
  /** The kubeconfig's text. */
  readonly kubeconfig: string;
  /** Runs kubectl and gives its output. @throws Error when it fails */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** `kubectl apply` of one object. */
  readonly apply: (object: object, ...flags: readonly string[]) => Promise<string>;
}

/** One state of the program, and what happens before its preview and update. */
export interface CaseStep {
  readonly label: string;
  /** Registers the resources. @default the step before */
  readonly program?: (context: CaseContext) => void;
  /** Changes the cluster behind the engine's back, before all operations. */
  readonly mutate?: (context: CaseContext) => Promise<unknown>;
  readonly previewBeforeRefresh?: boolean;
  readonly refresh?: boolean;
  /** Destroys instead of previewing and updating. */
  readonly destroy?: boolean;
  /** `kubectl get` arguments of what is recorded of the cluster after the step. */
  readonly observe?: readonly (readonly string[])[];
}

/** A recorded case; `name` is that of its record. */
export interface TestCase {
  readonly name: string;
  /** @default true: the case gets the namespace `c-<name>` */
  readonly namespaced?: boolean;
  readonly steps: readonly CaseStep[];
  readonly cleanup?: (context: CaseContext) => Promise<unknown>;
}

/** Namespace and name of a case's object. */
export function metadata<More extends object>(context: CaseContext, name: string, more?: More): { name: string; namespace: string } & More {
  return { name, namespace: context.namespace, ...(more ?? ({} as More)) };
}

/** Options that ignore changes of these paths. */
export function ignoring(...ignoreChanges: string[]): CustomResourceOptions {
  return { ignoreChanges };
}
