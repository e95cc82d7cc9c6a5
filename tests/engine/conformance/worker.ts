import { dataCases } from "./dataCases";
import { objectCases } from "./objectCases";
import { ownershipCases } from "./ownershipCases";
import { runCase } from "./caseRunner";
import type { CaseEnvironment } from "./caseStack";

/** Runs the cases whose names its parent sends, one at a time: a process holds one Pulumi program. */
const cases = [...dataCases, ...ownershipCases, ...objectCases];
const environment = JSON.parse(process.argv[2] ?? "{}") as CaseEnvironment;

process.on("message", (name: string) => {
  const testCase = cases.find((one) => one.name === name);
  if (testCase === undefined) throw new Error(`there is no case ${name}`);
  void runCase(testCase, environment).then(
    (record) => process.send?.({ name, record }),
    (error: unknown) => process.send?.({ name, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
process.send?.({});
