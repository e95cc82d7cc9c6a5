import type { DiffKind } from "@pulumi/pulumi/automation";
import type { Json, JsonObject } from "../../../local/plugins/server/provider";

/** What was recorded of one resource in one operation. */
export interface RecordedOperation {
  readonly op: string;
  readonly type: string;
  readonly logicalName: string;
  readonly keys: readonly string[];
  diffs: readonly string[];
  detailedDiff: readonly { readonly path: string; readonly kind: `${DiffKind}` | DiffKind; readonly inputDiff: boolean }[] | null;
  resultOp?: string;
  outputs?: Json;
  failed?: boolean;
}

export interface RecordedDiagnostic {
  readonly severity: string;
  readonly logicalName: string | null;
  readonly message: string;
}

/** A preview, an update, a refresh or a destroy. */
export interface RecordedRun {
  readonly ok: boolean;
  readonly changes: Readonly<Record<string, number>> | null;
  readonly ops: readonly RecordedOperation[];
  readonly diagnostics: readonly RecordedDiagnostic[];
  readonly error?: string;
}

export const runNames = ["previewBeforeRefresh", "refresh", "preview", "up", "destroy"] as const;

/** A step of a case: its runs, the state after them, and objects of the cluster by `kubectl get` arguments. */
export interface RecordedStep extends Partial<Record<(typeof runNames)[number], RecordedRun>> {
  readonly step: string;
  state?: readonly JsonObject[];
  cluster?: Readonly<Record<string, Json>>;
}

/** What happened in one case; the files in `records/` are of this form. */
export interface CaseRecord {
  readonly case: string;
  readonly steps: readonly RecordedStep[];
}
