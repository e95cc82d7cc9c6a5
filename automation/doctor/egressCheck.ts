import * as https from "node:https";
import { type Check, type Finding, notRunHere, ok, warning } from "../checks/check";
import { allObjects, type DoctorContext } from "./doctorContext";
import { podsOf } from "./podTemplates";

/** How long a host may be silent. */
const PATIENCE = 8000;

/** Where the images of Docker Hub truly are. */
const HUB = "registry-1.docker.io";

/** The registry of an image reference: its first part, where that looks like a host. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0 || !/[.:]|^localhost$/.test(first)) return HUB;
  return first === "docker.io" ? HUB : first;
}

function answers(url: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    // who it is, is for those to verify who trust it
    const request = https.request(
      url,
      { method: "HEAD", signal, timeout: PATIENCE, rejectUnauthorized: false, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("timeout", () => request.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)));
    request.on("error", reject).end();
  });
}

async function look(url: string, what: string, signal: AbortSignal): Promise<Finding> {
  try {
    return ok(url, `answers this machine with ${await answers(url, signal)}: ${what}`);
  } catch (error) {
    const text = error instanceof Error && error.message !== "" ? error.message : String((error as { readonly code?: string }).code);
    const wayOut = "see that the nodes reach it: open the firewall, set trustplane:workers.proxy, or name a mirror of the images";
    return warning(url, `this machine does not reach it (${text}), and the nodes must: ${what}`, wayOut);
  }
}

/** What the nodes will have to reach answers this machine, which is the only place to look from before anything runs. */
export const egressCheck: Check<DoctorContext> = {
  name: "egress",
  async run(context, signal) {
    if (context.embedded) return [notRunHere("egress", "no container runs on the embedded control plane, so nothing is pulled or called")];
    const images = podsOf(await allObjects(context)).flatMap(({ spec }) => [...(spec.containers ?? []), ...(spec.initContainers ?? [])]);
    const registries = [...new Set(images.flatMap(({ image }) => (image === undefined ? [] : [registryOf(image)])))];
    const { ponos } = context.config;
    const arkindex =
      typeof ponos?.url === "string" && ponos.url.startsWith("https:") ? [look(ponos.url, "Arkindex, for the Ponos agent", signal)] : [];
    return Promise.all([...registries.map((host) => look(`https://${host}/v2/`, "a registry of the stack's images", signal)), ...arkindex]);
  },
};
