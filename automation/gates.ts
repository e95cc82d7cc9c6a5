import { shortName } from "./deployment";
import { exitCode, Failure } from "./exitCode";
import type { OperationRecord } from "./operationRecord";

/** An update that deletes more than this many objects, and more than a quarter of the stack, has to be allowed. */
const massDeleteObjects = 20;
const massDeleteShare = 0.25;

const deletions = new Set(["delete", "discard"]);

/** Refuses an update in whose preview the engine saw fewer resources than the program registered. */
export function refuseUnseenResources(preview: Pick<OperationRecord, "seen">, registered: ReadonlySet<string>): void {
  const unseen = [...registered].filter((urn) => !preview.seen.has(urn));
  if (unseen.length === 0) return;
  throw new Failure(
    `refused: the program registered ${registered.size} resources, and the engine saw ${registered.size - unseen.length} of them; ` +
      `${shortName(unseen[0] ?? "")} is the first that it missed. Going on would delete what is missing. Nothing was changed; run the same command again.`,
    exitCode.gate,
  );
}

/** Refuses an update that deletes much of a stack without being told that this is meant. Replacements do not count. */
export function refuseMassDelete(preview: Pick<OperationRecord, "steps">, allowed: boolean): void {
  const doomed = preview.steps.filter(({ op }) => deletions.has(op));
  const before = preview.steps.filter(({ op }) => op !== "create").length;
  if (allowed || doomed.length <= massDeleteObjects || doomed.length <= before * massDeleteShare) return;
  const some = doomed.slice(0, 5).map(({ urn }) => `  ${shortName(urn)}`);
  throw new Failure(
    `refused: this update would delete ${doomed.length} of the stack's ${before} resources, more than a quarter:\n${some.join("\n")}\n` +
      `  and ${doomed.length - some.length} more\nNothing was changed. If this is meant: npm run up -- --allow-mass-delete`,
    exitCode.gate,
  );
}
