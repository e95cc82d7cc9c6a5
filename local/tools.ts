import { openProgress } from "./progress";
import { ensureTools, type Tool, type Tools } from "./toolchain/ensureTools";
import { toolTable } from "./toolchain/toolTable";
import { ToolsUnobtainable } from "./toolchain/toolsUnobtainable";

const header = ["TOOL", "VERSION", "ORIGIN", "LICENCE", "PATH"];

/** Obtains every tool of the table and prints which one comes from where. Ends with 1 where one cannot be had, after the table of the others. */
async function main(): Promise<void> {
  try {
    const names = toolTable.map(({ name }) => name);
    console.log(formatTools(await ensureTools(names, openProgress())));
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
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? "").length)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function describeOrigin({ origin, obtainedFrom }: Tool): string {
  return obtainedFrom === undefined ? origin : `${origin} (${obtainedFrom})`;
}

void main();
