import * as fs from "node:fs/promises";
import * as https from "node:https";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import type { Credentials } from "./credentials";

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface NodeList {
  readonly items: readonly { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }[];
}

const collections: Readonly<Record<string, string>> = {
  Node: "/api/v1/nodes",
  StorageClass: "/apis/storage.k8s.io/v1/storageclasses",
  MutatingAdmissionPolicy: "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies",
  MutatingAdmissionPolicyBinding: "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings",
};

/** For a control plane that hangs; they are Ready within seconds. */
const nodesReadyMillis = 300_000;
const answerMillis = 60_000;

async function call(credentials: Credentials, method: "GET" | "POST", urlPath: string, body?: unknown): Promise<Answer> {
  const { server, ...tls } = credentials;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const request = https.request(`${server}${urlPath}`, { method, headers, agent: false, timeout: answerMillis, ...tls }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${server}${urlPath} did not answer within ${answerMillis / 1000} s`)));
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function createIfAbsent(credentials: Credentials, object: { kind: string; metadata: { name: string } }): Promise<void> {
  const collection = collections[object.kind];
  if (collection === undefined)
    throw new Error(`local/controlPlane/objects.yaml: kind ${object.kind} is none of ${Object.keys(collections).join(", ")}`);
  const { status, text } = await call(credentials, "POST", collection, object);
  if (status !== 201 && status !== 409)
    throw new Error(`The API server refused ${object.kind} ${object.metadata.name} (HTTP ${status}): ${text}`);
}

async function everyNodeIsReady(credentials: Credentials): Promise<boolean> {
  const { items } = JSON.parse((await call(credentials, "GET", collections.Node ?? "")).text) as NodeList;
  return items.every(({ status }) => status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"));
}

/**
 * Creates the objects of `objects.yaml` where they are missing, and waits until the nodes are Ready.
 * @throws Error when the API server refuses one, or the nodes are not Ready within five minutes
 */
export async function createClusterObjects(credentials: Credentials): Promise<void> {
  const documents = parseAllDocuments(await fs.readFile(path.join(__dirname, "objects.yaml"), "utf8"));
  for (const document of documents) await createIfAbsent(credentials, document.toJS() as { kind: string; metadata: { name: string } });
  const deadline = Date.now() + nodesReadyMillis;
  while (!(await everyNodeIsReady(credentials))) {
    if (Date.now() > deadline)
      throw new Error(
        "The embedded control plane's nodes are not Ready after five minutes. Run npm run down, then the same command again.",
      );
    await sleep(100);
  }
}
