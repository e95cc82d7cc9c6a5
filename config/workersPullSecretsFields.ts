import { isHostName, textWith, type Flaw } from "./fields";

/** What Docker, and so Kubernetes, knows Docker Hub by. */
const DOCKER_HUB = "https://index.docker.io/v1/";
const DOCKER_HUB_NAMES = ["docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com", "https://docker.io"];

/** A registry as images are named by it. */
export const registryServer = textWith(serverFlaw);

/** Why a text is not a registry's address. @see https://kubernetes.io/docs/concepts/containers/images/#config-json */
export function serverFlaw(text: string): Flaw | undefined {
  const [, host = "", port] = /^([^/:]+)(?::(\d{1,5}))?(?:\/[-\w./]*)?$/.exec(text) ?? [];
  const named = isHostName(host) || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
  const hub = DOCKER_HUB_NAMES.includes(text);
  if (text === DOCKER_HUB || (named && !hub && Number(port ?? 1) <= 65_535)) return undefined;
  const allowed = `a registry as images are named by it, HOST or HOST:PORT, or ${DOCKER_HUB}, which is what Kubernetes knows Docker Hub by`;
  const bare = text.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return { allowed, wayOut: `write ${JSON.stringify(hub ? DOCKER_HUB : isHostName(bare) ? bare : "registry.example.org")}` };
}
