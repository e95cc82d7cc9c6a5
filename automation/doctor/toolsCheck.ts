import * as fs from "node:fs";
import * as path from "node:path";
import { controlPlaneTools } from "../../local/controlPlane/components";
import { projectRoot } from "../../local/paths";
import { findInCache } from "../../local/toolchain/cache";
import { findOnPath } from "../../local/toolchain/pathLookup";
import type { ToolName } from "../../local/toolchain/tool";
import { hostToolchain, type Toolchain } from "../../local/toolchain/toolchain";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { compareVersions } from "../../local/toolchain/versionRange";
import { type Check, failed, type Finding, ok, warning } from "../checks/check";

/** The oldest version of Node that `package.json` allows. */
function oldestNode(): string {
  const { engines } = JSON.parse(fs.readFileSync(path.join(projectRoot, "package.json"), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  return engines.node.replace(">=", "");
}

const always: readonly ToolName[] = ["pulumi", "helm"];

function node(version: string): Finding {
  const wayOut = "install a newer one: https://nodejs.org/";
  const oldest = oldestNode();
  return compareVersions(version, oldest) >= 0
    ? ok("node", `${version}; ${oldest} or newer fits`)
    : failed("node", `${version} is too old: ${oldest} or newer fits`, wayOut);
}

async function tool(spec: ToolSpec, toolchain: Toolchain): Promise<Finding> {
  const reasons: string[] = [];
  for (const [place, look] of [["PATH", findOnPath] as const, ["cache", findInCache] as const]) {
    try {
      const found = await look(spec, toolchain);
      return ok(spec.name, `${found.version}, ${found.path}`);
    } catch (error) {
      reasons.push(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return warning(spec.name, `not here (${reasons.join("; ")})`, `npm run tools gets ${spec.version} now, and npm run up when it needs it`);
}

/** The programs that this project starts are there, each in a version that fits. */
export function toolsCheck(embedded: boolean, toolchain = hostToolchain()): Check<unknown> {
  const needed: readonly string[] = embedded ? [...always, ...controlPlaneTools] : always;
  return {
    name: "tools",
    run: async () => {
      const specs = toolchain.table.filter(({ name }) => needed.includes(name));
      return [node(process.versions.node), ...(await Promise.all(specs.map((spec) => tool(spec, toolchain))))];
    },
  };
}
