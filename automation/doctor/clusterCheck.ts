import { preflight } from "../../preflight/preflight";
import { PreflightError } from "../../preflight/preflightError";
import { type Check, failed, notRunHere, ok } from "../checks/check";
import type { DoctorContext } from "./doctorContext";

/** The preflight has this long; it is not waited for by an engine here. */
const PATIENCE = 30_000;

/** The cluster answers, is new enough, and fits the configuration: the rules are those of the preflight, and each fault is a row. */
export const clusterCheck: Check<DoctorContext> = {
  name: "cluster",
  async run({ config, access: { context, server } }) {
    const subject = `context ${context}`;
    try {
      const facts = await preflight({ ...config, cluster: { ...config.cluster, preflight: true } }, PATIENCE);
      if (facts === undefined) return [notRunHere(subject, "TRUSTPLANE_PREFLIGHT=off says not to look")];
      const { version, nodes, storageClasses } = facts;
      const classes = storageClasses.map(({ name, isDefault }) => `${name}${isDefault ? " (default)" : ""}`).join(", ");
      return [
        ok(subject, `${server} answers with Kubernetes ${version}`),
        ok("configuration", `fits the cluster: ${nodes.length} nodes; storage classes ${classes === "" ? "none" : classes}`),
      ];
    } catch (error) {
      if (!(error instanceof PreflightError)) throw error;
      return error.problems.map(({ path, found, allowed, wayOut }) => failed(path, `found ${found}; allowed is ${allowed}`, wayOut));
    }
  },
};
