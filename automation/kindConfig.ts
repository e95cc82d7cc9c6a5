import type { Usage } from "./arguments";
import { exitCode, Failure } from "./exitCode";
import { kindCluster, type StackExposures } from "./kindCluster";
import { writeResult } from "./resultFile";
import { runScript, type Session } from "./session";
import { stackConfig } from "./stackConfig";

const usage: Usage = {
  command: "kind-config",
  about: "Makes a kind Cluster file with the ports and labels that a stack's exposures hostPort and nodePort need.",
  options: [{ name: "out", value: "FILE", about: "write it to this file, from the project's folder, instead of stdout" }],
};

interface Exposed {
  readonly exposure: { readonly type: string };
  readonly replicas?: number;
}

function exposuresOf({ root, stack }: Session): StackExposures {
  const { ingressNginx, interlink } = stackConfig(root, stack);
  const installed = ingressNginx?.install === true ? ingressNginx : undefined;
  for (const [section, given] of Object.entries({ ingressNginx: installed, interlink })) refuseSecondPod(section, given);
  return { ingressNginx: installed?.exposure, interlink: interlink?.exposure };
}

/** A second pod needs a second node, whose port the same port of the machine cannot lead to. */
function refuseSecondPod(section: string, given: Exposed | undefined): void {
  if (given?.exposure.type !== "hostPort" || (given.replicas ?? 1) === 1) return;
  throw new Failure(
    `trustplane:${section}.replicas is ${given.replicas}: on kind one node has the host port, so one pod can. Set replicas: 1.`,
  );
}

function writeOrPrint(session: Session): number {
  const text = kindCluster(session.stack, exposuresOf(session));
  const out = session.given.get("out");
  if (typeof out !== "string") session.print(text.trimEnd());
  else session.print(`wrote ${writeResult(session.root, out, text)}\nkind create cluster --config ${out}`);
  return exitCode.ok;
}

/** Prints or writes the file. */
export function kindConfig(session: Session): Promise<number> {
  return Promise.resolve(session).then(writeOrPrint);
}

if (require.main === module) runScript(usage, kindConfig);
