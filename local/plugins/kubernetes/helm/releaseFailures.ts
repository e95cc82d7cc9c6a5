import { PartialFailure, type CreateRequest, type EngineLog, type UpdateRequest } from "../../server/provider";
import { unwrap } from "../../server/values";
import type { HelmSession } from "./helmSession";
import { text } from "./releaseInputs";
import { askHistory, askRelease, type ReleaseRecord } from "./releaseRecord";
import { releaseOutputs } from "./releaseState";

/** What became of an install that failed. @throws PartialFailure when the release exists, else `error` */
export async function failedInstall(helm: HelmSession, request: CreateRequest, error: unknown, log: EngineLog): Promise<never> {
  const reason = error instanceof Error ? error.message : String(error);
  const name = text(unwrap(request.inputs), "name");
  const release = reason.includes("cannot re-use a name") ? undefined : await askRelease(helm.run, name);
  if (release === undefined) throw error;
  const hint = "Use the `helm` command to investigate the error, correct it, then retry.";
  log.log("warning", `Helm release "${name}" was created but has a failed status. ${hint} Reason: ${reason}`, request.urn);
  const message = `Helm release "${idOf(release)}" was created, but failed to initialize completely. ${explained(release, reason)}`;
  throw new PartialFailure(message, idOf(release), request.inputs, releaseOutputs(request.inputs, release), [message]);
}

/**
 * What became of an upgrade that failed.
 * @param before the last revision before it
 * @throws PartialFailure when it made a revision, else `error`
 */
export async function failedUpgrade(helm: HelmSession, request: UpdateRequest, before: number, error: unknown): Promise<never> {
  const reason = error instanceof Error ? error.message : String(error);
  const name = text(unwrap(request.inputs), "name");
  const attempt = (await askHistory(helm.run, name)).find(({ revision }) => revision > before);
  const release = attempt === undefined ? undefined : await askRelease(helm.run, name, attempt.revision);
  if (release === undefined) throw error;
  const message = `Helm release "${idOf(release)}" failed to initialize completely. ${explained(release, reason)}`;
  throw new PartialFailure(message, idOf(release), request.oldInputs, releaseOutputs(request.inputs, release), [message]);
}

function explained(release: ReleaseRecord, reason: string): string {
  return `Use Helm CLI to investigate: failed to become available within allocated timeout. Error: Helm Release ${idOf(release)}: ${reason}`;
}

function idOf({ namespace, name }: ReleaseRecord): string {
  return `${namespace}/${name}`;
}
