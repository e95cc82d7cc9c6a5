import * as fs from "node:fs";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { Panic } from "./goProgram";

/** What is read of a pod. */
export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server, as a pod's own ServiceAccount reaches it. @see https://pkg.go.dev/k8s.io/client-go/rest#InClusterConfig */
export class InCluster {
  private readonly place: { readonly host: string; readonly port: string };

  /** @throws Panic outside a pod that has a token */
  constructor() {
    const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = process.env;
    if (host === "" || port === "" || !fs.existsSync(`${account}/token`)) throw new Panic("rest.inclusterconfig. Is code running on k8s?");
    this.place = { host, port };
  }

  /** @throws Error with what the API server said */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const [token, ca] = ["token", "ca.crt"].map((name) => fs.readFileSync(`${account}/${name}`, "utf8"));
    const sent = body === undefined ? "" : JSON.stringify(body);
    const type = { "content-type": "application/json", "content-length": Buffer.byteLength(sent) };
    const headers = { authorization: `Bearer ${token ?? ""}`, ...type };
    const answer = await new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
      const request = https.request({ ...this.place, method, path, headers, ca }, (response) => {
        text(response).then((all) => {
          resolve({ status: response.statusCode ?? 0, text: all });
        }, reject);
      });
      request.on("error", reject).end(sent);
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return JSON.parse(answer.text);
  }
}
