import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { parseAllDocuments } from "yaml";
import type { BenchTools } from "./benchTools";
import type { MeasuredProject } from "./measure";

/** A Kubernetes object as it is handed to the API server. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface State {
  readonly deployment: { readonly resources: readonly { readonly type: string; readonly inputs?: object }[] };
}

interface ReleaseInputs {
  readonly name: string;
  readonly namespace: string;
}

const releaseType = "kubernetes:helm.sh/v3:Release";
const signatureKey = "4dabf18193072939515e22adb298388d";

/** The objects of the copy's stack `dev`: its resources' inputs as the state has them, and what each Helm release rendered, hooks included. */
export async function objectsOfStack(project: MeasuredProject, tools: BenchTools): Promise<readonly Manifest[]> {
  const { resources } = (await readState(project, tools)).deployment;
  const direct = resources
    .filter(({ type }) => type.startsWith("kubernetes:") && type !== releaseType)
    .map(({ inputs }) => inputs as Manifest);
  const rendered: Manifest[] = [];
  for (const { inputs } of resources.filter(({ type }) => type === releaseType))
    rendered.push(...(await objectsOfRelease(inputs as ReleaseInputs, project, tools)));
  return [...direct, ...rendered];
}

async function readState(project: MeasuredProject, tools: BenchTools): Promise<State> {
  const { stdout } = await project.execute({
    label: "reading the stack's state",
    file: tools.pulumi.path,
    args: ["stack", "export", "--show-secrets", "--stack", "dev", "--cwd", path.join(project.root, ".trustplane", "work", "dev")],
    env: {
      PULUMI_BACKEND_URL: pathToFileURL(path.join(project.root, ".trustplane", "state")).href,
      PULUMI_CONFIG_PASSPHRASE_FILE: path.join(project.root, ".trustplane", "passphrase"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  return JSON.parse(stdout, (_, value: unknown) => plain(value)) as State;
}

/** A secret is an object with a signature; its value is JSON within the JSON. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(signatureKey in value)) return value;
  return "plaintext" in value && typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : value;
}

async function objectsOfRelease(
  { name, namespace }: ReleaseInputs,
  project: MeasuredProject,
  tools: BenchTools,
): Promise<readonly Manifest[]> {
  const objects: Manifest[] = [];
  for (const part of ["manifest", "hooks"]) {
    const args = ["get", part, name, "--namespace", namespace, "--kubeconfig", project.kubeconfig];
    const { stdout } = await project.execute({ label: `reading release ${name}: ${part}`, file: tools.helm.path, args });
    const documents = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest | null);
    objects.push(...documents.flatMap((manifest) => (manifest === null ? [] : [inNamespace(manifest, namespace)])));
  }
  return objects;
}

/** Helm installs what names no namespace into the release's; kubectl ignores the namespace of what has none. */
function inNamespace(manifest: Manifest, namespace: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace: manifest.metadata.namespace ?? namespace } };
}
