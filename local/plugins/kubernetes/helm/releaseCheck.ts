import { createHash, randomBytes } from "node:crypto";
import type { CheckRequest, CheckResult, JsonObject } from "../../server/provider";
import { containsUnknown, isUnknown, unwrap } from "../../server/values";
import { fullInputs } from "./releaseInputs";

export interface ReleaseChecks {
  readonly defaultNamespace: string;
  /** Loads the chart of inputs without secret marks and gives its version. */
  readonly versionOf: (inputs: JsonObject) => Promise<string>;
}

/** Names the release, fills in the defaults and the chart's version. A chart that cannot be loaded is a failure of `chart`. */
export async function checkRelease(request: CheckRequest, { defaultNamespace, versionOf }: ReleaseChecks): Promise<CheckResult> {
  const inputs = await fullInputs(request.newInputs, nameOf(request), defaultNamespace);
  if (containsUnknown(inputs)) return { inputs };
  try {
    return { inputs: { ...inputs, version: await versionOf(unwrap(inputs)) } };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { inputs, failures: [{ property: "chart", reason: `${problem}; check the chart name and repository configuration.` }] };
  }
}

/** The name that the program gives, else the one of before, else `<logicalName>-<8 hex digits>`. */
function nameOf({ name, newInputs, oldInputs, randomSeed }: CheckRequest): string {
  const given = unwrap(newInputs.name ?? oldInputs.name ?? "");
  if (typeof given === "string" && (given !== "" || isUnknown(given))) return given;
  const seeded = createHash("sha256").update(randomSeed).update(name).digest("hex");
  return `${name}-${(randomSeed.length === 0 ? randomBytes(4).toString("hex") : seeded).slice(0, 8)}`;
}
