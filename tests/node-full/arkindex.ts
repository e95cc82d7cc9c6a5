import { ponosReferences, taskProgram } from "../node/images/ponosImages";
import type { Received } from "../node/images/ponos/arkindex";
import type { NodeCluster } from "../node/nodeCluster";

export const farm = { id: "7c2f9a54-6a0e-4c3b-9d61-2f1f5b0c8e11", seed: "1234e56" } as const;

const namespace = "arkindex";

/** A task that Arkindex has the agent run. */
export interface Task {
  readonly id: string;
  readonly image: string;
  readonly command: string;
}

/** A task that calls servers, and writes what it saw as its artifact `result.json`. */
export function callingTask(id: string, image: string, servers: readonly Arkindex[]): Task {
  const urls = servers.map(({ url }) => `${url}/api/v1/task/${id}/from-agent/`);
  return { id, image, command: [taskProgram, "call", ...urls].join(" ") };
}

/** A task that listens on a port until it is stopped. */
export function waitingTask(id: string, port: number): Task {
  return { id, image: ponosReferences.task, command: `${taskProgram} wait ${port}` };
}

/** A server that agent and tasks take for Arkindex, in a pod, with a leaf of the platform's CA. */
export class Arkindex {
  private constructor(
    /** As agent and tasks know it. */
    readonly url: string,
    readonly address: string,
  ) {}

  /** @param issuer the ClusterIssuer that signs its leaf */
  static start(cluster: NodeCluster, name: string, issuer: string): Arkindex {
    const host = `${name}.${namespace}.svc`;
    for (const object of objects(name, host, issuer)) cluster.kubectlAs(cluster.kubeconfig, ["apply", "--filename", "-"], object);
    cluster.kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--namespace", namespace, "--timeout=120s");
    const address = cluster.kubectl("get", "pod", name, "--namespace", namespace, "--output", "jsonpath={.status.podIP}");
    return new Arkindex(`https://${host}`, address);
  }

  async start({ id, image, command }: Task): Promise<void> {
    await this.door("start", { id, image_name: image, command, env: { ARKINDEX_API_URL: this.url } });
  }

  async stop(id: string): Promise<void> {
    await this.door("stop", { id });
  }

  /** Everything that has come so far. */
  received(): Promise<Received> {
    return this.door("received");
  }

  private async door(path: string, body?: object): Promise<Received> {
    const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return (await fetch(`http://${this.address}:8080/${path}`, request)).json() as Promise<Received>;
  }
}

function objects(name: string, host: string, issuer: string): readonly object[] {
  const metadata = { name, namespace };
  const issuerRef = { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer };
  const variables = { FARM_ID: farm.id, FARM_SEED: farm.seed, URL: `https://${host}` };
  const container = {
    name: "main",
    image: ponosReferences.arkindex,
    env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
    readinessProbe: { httpGet: { path: "/received", port: 8080 }, periodSeconds: 1 },
    volumeMounts: [{ name: "tls", mountPath: "/tls" }],
  };
  const spec = { containers: [container], volumes: [{ name: "tls", secret: { secretName: name } }] };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec: { secretName: name, dnsNames: [host], issuerRef, ...leaf } },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: name }, ports: [{ port: 443, targetPort: 8443 }] } },
    { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, labels: { app: name } }, spec },
  ];
}

const leaf = { duration: "24h", privateKey: { algorithm: "ECDSA" }, usages: ["digital signature", "server auth"] };
