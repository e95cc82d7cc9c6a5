import { parseArgs } from "node:util";
import { openProgress, type Progress } from "../local/progress";
import { ensureTools } from "../local/toolchain/ensureTools";
import { MeasuredProject } from "./measure";
import { Round } from "./round";
import { Table } from "./table";
import { measureTenants } from "./tenants";
import { measureToolchain } from "./toolchain";

const help = `Measures the dev stack on the embedded control plane, in a copy of the project that is deleted at the end.

npm run bench -- [OPTION...]
  --runs N      measure everything N times (default: 3)
  --tenants     measure, once and nothing else, 10 and 100 tenants in one stack and in stacks of their own: half an hour
  --toolchain   measure, once, how long the tools take into an empty cache: ten minutes and more
  --help        print this and end`;

interface Options {
  readonly runs: number;
  readonly tenants: boolean;
  readonly toolchain: boolean;
  readonly help: boolean;
}

/** @throws Error that names the argument and what is allowed */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "3" },
      tenants: { type: "boolean", default: false },
      toolchain: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (!/^[1-9]\d?$/.test(values.runs)) throw new Error(`--runs ${values.runs}: give a whole number from 1 to 99`);
  return { ...values, runs: Number(values.runs) };
}

async function measure({ runs, tenants, toolchain }: Options, project: MeasuredProject, progress: Progress): Promise<Table> {
  const table = new Table();
  if (toolchain) await measureToolchain(project, table);
  if (tenants) {
    await measureTenants(project, table);
    return table;
  }
  const tools = await ensureTools(["kubectl", "helm", "pulumi"], progress);
  for (let number = 1; number <= runs; number++) {
    progress.line(`round ${number} of ${runs}`);
    await new Round(project, tools, table).run();
  }
  return table;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(help);
    return;
  }
  const progress = openProgress();
  const project = new MeasuredProject(progress);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, project.interrupt);
  try {
    console.log((await measure(options, project, progress)).text());
  } finally {
    await project.end();
  }
}

main().catch((error: unknown) => {
  console.error(`trustplane: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
