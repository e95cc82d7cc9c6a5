import { stackArgument, type Usage } from "./arguments";
import { exitCode, Failure } from "./exitCode";
import { lastOutputs } from "./lastOutputs";
import { writeResult } from "./resultFile";
import { runScript, type Session } from "./session";

const usage: Usage = {
  command: "interlink-values",
  about: "Writes the Helm values that tell InterLink's virtual node the way to the Kubernetes API.",
  options: [{ name: "out", value: "FILE", about: "where to write them, from the project's folder; the file is replaced" }],
};

/** The stack's output as text. @throws Failure where the stack has none */
async function values(session: Session): Promise<string> {
  // a certificate and an address are no secrets, whatever they were computed from
  const { interlinkValues } = await lastOutputs(session, true);
  if (typeof interlinkValues === "string") return interlinkValues;
  const { stack } = session;
  throw new Failure(
    `stack ${stack} has no output interlinkValues: nothing leads to its Kubernetes API. ` +
      `Add trustplane:interlink to Pulumi.${stack}.yaml (docs/interlink.md), then run: npm run up${stackArgument(stack)}`,
  );
}

/** Writes the values file and says how it is used. */
export async function interlinkValues(session: Session): Promise<number> {
  const out = session.given.get("out");
  if (typeof out !== "string") throw new Failure("--out: a file is missing. Give it as --out FILE, e.g. --out interlink-values.json.");
  const file = writeResult(session.root, out, `${await values(session)}\n`);
  session.print(`wrote ${file}`);
  session.print(
    `helm upgrade --install NODE oci://ghcr.io/interlink-hq/interlink-helm-chart/interlink -n interlink -f ${file} -f SITE.yaml`,
  );
  session.print("a running virtual node reads a changed CA only after: kubectl -n interlink rollout restart deployment/NODE-node");
  return exitCode.ok;
}

if (require.main === module) runScript(usage, interlinkValues);
