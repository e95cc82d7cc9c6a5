import { judgeCharts } from "./judgedCharts";
import { lostDefinitions } from "./lostDefinitions";
import { tryOperation } from "./operation";
import { isPolicyFailure } from "./operationFailure";
import type { OperationRecord } from "./operationRecord";
import { packOptions, type StackPack } from "./policyPacks";
import type { Session } from "./session";
import type { OpenStack } from "./workspace";

/** A preview that went through, whatever policies say of it, or one that failed. */
export interface JudgedPreview {
  readonly record: OperationRecord;
  /** Why it failed, if not for policies alone. */
  readonly failure?: Error;
}

/**
 * Previews with all packs, and judges what the charts make.
 * @param plan the file that is to say what was previewed @default none
 */
export async function judgedPreview(session: Session, open: OpenStack, packs: readonly StackPack[], plan?: string): Promise<JudgedPreview> {
  const { record, failure } = await tryOperation(session, open, "preview", {}, { ...packOptions(packs), plan });
  if (failure !== undefined && !isPolicyFailure(failure)) return { record, failure };
  await judgeCharts(session, open, record, packs);
  record.lostDefinitions = await lostDefinitions(session, open, record);
  return { record };
}
