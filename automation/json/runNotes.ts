import type { Row } from "../checks/check";
import type { OperationKind } from "../operationKind";
import type { OperationRecord } from "../operationRecord";
import { type Changes, changesOf, changesTogether } from "../stacks/changes";
import type { OpenStack } from "../workspace";
import type { StackReport } from "./commandReport";

/** One operation of the engine, as far as it has come. */
export interface NotedOperation {
  readonly kind: OperationKind;
  readonly record: OperationRecord;
}

/** Operations that make what they find out so; the others only look. */
const changing: readonly OperationKind[] = ["update", "refresh", "destroy"];

/** What a script has come to, for those who want more of it than its text: whoever does something notes it here. */
export class RunNotes {
  /** The stack, once it is open. */
  open?: OpenStack;
  readonly operations: NotedOperation[] = [];
  /** What verify has found. */
  readonly checks: Row[] = [];
  /** What policies said outside of an operation, e.g. of the state after it. */
  readonly violations: OperationRecord["violations"] = [];
  /** Stacks that processes of their own worked on. */
  readonly others: StackReport[] = [];

  /** @param showSecrets whether outputs that are secret are told as they are */
  constructor(readonly showSecrets: boolean) {}

  /** The operation of which a report tells; undefined where none was begun. */
  get last(): NotedOperation | undefined {
    return this.operations.at(-1);
  }

  /** What all updates and deletions did, or what the last operation would do. */
  get changes(): Changes {
    const done = this.operations.filter(({ kind }) => kind === "update" || kind === "destroy");
    const told = done.length > 0 ? done : this.operations.slice(-1);
    return changesTogether(told.map(({ kind, record }) => changesOf(record, kind === "preview" ? "steps" : "finished")));
  }

  /** Whether anything may be otherwise now than when the stack was opened. */
  get changed(): boolean {
    return this.operations.some(({ kind }) => changing.includes(kind));
  }
}
