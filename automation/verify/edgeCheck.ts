import { type Check, failed, type Finding, notRunHere, ok } from "../checks/check";
import { statusOf, tlsFault } from "./tlsRequest";
import type { VerifyContext } from "./verifyContext";

/** Every API server answers it, if only by saying who may not ask. */
const PATH = "/version";

async function ask({ exportedCa, edge }: VerifyContext, address: string, port: number, signal: AbortSignal): Promise<Finding> {
  const subject = `https://${address}:${port}`;
  const over = edge === undefined ? "" : ` over ${edge.host}:${edge.port}`;
  const target = { ...(edge ?? { host: address, port }), name: address, ca: exportedCa, path: PATH, signal };
  try {
    const status = await statusOf(target);
    const text = `TLS with the exported CA, then ${PATH} was answered with ${status}${over}`;
    if (status < 500 && status !== 404) return ok(subject, text);
    const wayOut = "the edge answers and the API server behind it does not: kubectl logs -A -l app.kubernetes.io/name=kubernetes-api-edge";
    return failed(subject, text, wayOut);
  } catch (error) {
    const { text, wayOut } = tlsFault(error);
    return failed(subject, `${text}${over}`, wayOut);
  }
}

/** The edge answers under its address with the exported CA. */
export const edgeCheck: Check<VerifyContext> = {
  name: "edge",
  async run(context, signal) {
    const { kubernetesApiAddr: address, kubernetesApiPort: port } = context.outputs;
    if (typeof address !== "string" || typeof port !== "string") return [];
    const text = "no container runs on the embedded control plane; --edge HOST:PORT asks one that runs as a process";
    if (context.embedded && context.edge === undefined) return [notRunHere(`https://${address}:${port}`, text)];
    return [await ask(context, address, Number(port), signal)];
  },
};
