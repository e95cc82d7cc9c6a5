import { z } from "zod";
import type { Option } from "../arguments";
import { rowSchema } from "../checks/checkReport";
import { exitCode } from "../exitCode";
import { changesSchema, noChanges } from "../stacks/changes";
import type { StackOutcome } from "../stacks/stackPool";

/** For scripts that print this. */
export const jsonOption: Option = {
  name: "json",
  about: "print one JSON document of what it came to (automation/json/command.schema.json)",
};

/** Scripts that print this with `--json`. */
export const jsonCommands = ["up", "preview", "refresh", "drift", "destroy"] as const;
export type JsonCommand = (typeof jsonCommands)[number];

const urn = z.string().meta({ description: "URN of the resource." });
const urnOrStack = z.string().optional().meta({ description: "URN of the resource; absent for what is about the stack as a whole." });

const stepSchema = z.strictObject({
  op: z.string().meta({ description: "The engine's word, e.g. create, update, replace, delete." }),
  urn,
  type: z.string(),
  name: z.string().meta({ description: "What the program calls it." }),
  diffs: z.array(z.string()).meta({ description: "Top-level properties that differ." }),
  status: z.enum(["planned", "done", "failed"]),
});

const findingSchema = z.strictObject({
  finding: z.enum(["irreversible", "exists already", "mass delete", "too many changes"]),
  what: z.string(),
  why: z.string(),
  allow: z.string().optional().meta({ description: "The argument with which it passes, where there is one." }),
});

const violationSchema = z.strictObject({
  policy: z.string(),
  level: z.enum(["mandatory", "advisory", "excepted", "undetermined"]),
  urn: urnOrStack,
  message: z.string(),
});

const driftSchema = z.strictObject({
  urn,
  what: z.enum(["changed", "gone"]),
  properties: z.array(z.string()).meta({ description: "Top-level properties that differ; none where it is gone." }),
});

const keptSchema = z.strictObject({
  urn,
  type: z.string(),
  name: z.string(),
  id: z.string().optional().meta({ description: "Of a Kubernetes object namespace/name." }),
  why: z.enum(["protected", "needed by what is protected", "kept on the cluster"]),
});

const stackSchema = z.strictObject({
  stack: z.string(),
  result: z.enum(["ok", "failed", "not begun"]).meta({ description: "ok is exit code 0." }),
  exitCode: z.int().optional().meta({ description: "Absent for a stack that was not begun." }),
  message: z.string().optional().meta({ description: "Why it failed, or was not begun." }),
  operation: z
    .enum(["preview", "update", "refresh", "drift", "destroy"])
    .optional()
    .meta({ description: "The last operation of the engine, whose steps are told; absent where none was begun." }),
  changes: changesSchema,
  steps: z.array(stepSchema).meta({ description: "Steps that change something, a replacement once." }),
  findings: z.array(findingSchema).meta({ description: "What the gate has against the update, most serious first." }),
  violations: z.array(violationSchema).meta({ description: "What the policy packs said, most serious first." }),
  drift: z.array(driftSchema).meta({ description: "What the cluster had otherwise than the state, of drift and refresh." }),
  outputs: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: "Outputs after an up, secrets as [secret] unless --show-secrets was given." }),
  kept: z.array(keptSchema).meta({ description: "What a destroy left." }),
  checks: z.array(rowSchema).meta({ description: "What verify found after an up, in the order of the checks." }),
});

/** What a script came to for one stack. */
export type StackReport = z.output<typeof stackSchema>;

/** The whole document. */
export const commandSchema = z.strictObject({
  command: z.enum(jsonCommands),
  time: z.iso.datetime().meta({ description: "When it ended, RFC 3339." }),
  result: z.enum(["ok", "failed"]),
  exitCode: z.int().meta({ description: "Of the command: 0 ok, 1 engine, 2 policy, 3 drift, 4 gate, 5 verify, 130 interrupted." }),
  message: z.string().optional().meta({ description: "The error that the command ended with." }),
  stacks: z
    .array(stackSchema)
    .meta({ description: "Each stack in the order in which they were given or made; none where the arguments were refused." }),
});

/** What `--json` prints. */
export type CommandReport = z.output<typeof commandSchema>;

/** The text of `command.schema.json`. */
export function commandJsonSchema(): string {
  const $comment = "Generated from commandReport.ts by `npm run check-schema`; do not edit.";
  const schema = {
    ...z.toJSONSchema(commandSchema),
    $comment,
    title: "What trustplane's up, preview, refresh, drift and destroy print with --json",
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const empty = { changes: noChanges, steps: [], findings: [], violations: [], drift: [], kept: [], checks: [] };

/** Of a stack of which its process has told: its own report; of one that was not begun or told nothing, what is known. */
export function outcomeReport({ job: { stack }, result, withheld }: StackOutcome): StackReport {
  if (result === undefined) return { ...empty, stack, result: "not begun", message: withheld ?? "interrupted" };
  const { code, text, report } = result;
  return report ?? { ...empty, stack, result: code === exitCode.ok ? "ok" : "failed", exitCode: code, message: text };
}
