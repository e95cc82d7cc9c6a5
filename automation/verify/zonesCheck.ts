import { withoutZone, ZONE_WAY_OUT } from "../../preflight/zoneRules";
import { type Check, ok, warning } from "../checks/check";
import type { VerifyContext } from "./verifyContext";

/** Where the stack has tenants, who choose nodes by their zone, every node is in one. */
export const zonesCheck: Check<VerifyContext> = {
  name: "zones",
  async run({ deployment, open }, signal) {
    if (deployment.resources?.some(({ type }) => type === "trustplane:plexus:Plexus") !== true) return [];
    const nodes = await (await open(signal)).listMetadata("/api/v1/nodes");
    const text = withoutZone(nodes.map(({ metadata }) => ({ name: metadata?.name ?? "", labels: metadata?.labels ?? {} })));
    return [text === undefined ? ok("nodes", `each of ${nodes.length} is in a zone`) : warning("nodes", text, ZONE_WAY_OUT)];
  },
};
