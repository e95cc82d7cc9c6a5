import { parseArgs } from "node:util";
import { openProgress } from "./progress";
import { textTable } from "./textTable";
import { ensureTools, type Tool, type Tools } from "./toolchain/ensureTools";
import { officialProvider, testedTools, toolTable } from "./toolchain/toolTable";
import { ToolsUnobtainable } from "./toolchain/toolsUnobtainable";

const header = ["TOOL", "VERSION", "ORIGIN", "LICENCE", "PATH"];

/**
 * Obtains every tool of the table and prints which one comes from where. Ends with 1 where one cannot be had, after the table of the others.
 * `--official` obtains Pulumi's official Kubernetes provider too, for machines that cannot download it.
 */
async function main(): Promise<void> {
  const { official } = parseArgs({ options: { official: { type: "boolean", default: false } } }).values;
  const progress = openProgress();
  if (official)
    progress.line(
      "tools: the official Kubernetes provider is built from its Go module: a quarter of an hour of two processors, 5 GB of memory, 300 MB",
    );
  try {
    console.log(formatTools(await ensureTools(official ? [...testedTools, officialProvider] : testedTools, progress)));
  } catch (error) {
    if (!(error instanceof ToolsUnobtainable)) throw error;
    console.log(formatTools(error.found));
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/** Columns wide enough for their longest entry, one line a tool, in the order of the table. */
function formatTools(tools: Partial<Tools>): string {
  const rows = toolTable.flatMap(({ name, licence }) => {
    const tool = tools[name];
    return tool === undefined ? [] : [[name, tool.version, describeOrigin(tool), licence, tool.path]];
  });
  return textTable(header, rows);
}

function describeOrigin({ origin, obtainedFrom }: Tool): string {
  return obtainedFrom === undefined ? origin : `${origin} (${obtainedFrom})`;
}

void main();
