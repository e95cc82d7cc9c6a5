import * as http from "node:http";
import * as https from "node:https";
import { type ClusterComponent, clusterComponents } from "./components";
import type { Credentials } from "./credentials";
import type { Ports } from "./ports";

/** One that hangs is asked anew; a busy machine answers late. */
const answerMillis = 60_000;

function urlOf(component: ClusterComponent, ports: Ports): string {
  const urls: Record<ClusterComponent, string> = {
    etcd: `http://127.0.0.1:${ports.etcd}/health`,
    "kube-apiserver": `https://127.0.0.1:${ports.apiServer}/readyz`,
    "kube-controller-manager": `https://127.0.0.1:${ports.controllerManager}/healthz`,
    "kube-scheduler": `https://127.0.0.1:${ports.scheduler}/healthz`,
    "kwok-controller": `http://127.0.0.1:${ports.kwok}/healthz`,
  };
  return urls[component];
}

/** Only the API server's certificate is of the cluster's CA; the others make one for themselves at each start. */
function tlsOptions(component: ClusterComponent, credentials: Credentials | undefined): https.RequestOptions {
  return component === "kube-apiserver" ? { ...credentials } : { rejectUnauthorized: false };
}

async function answers(component: ClusterComponent, ports: Ports, credentials: Credentials | undefined): Promise<boolean> {
  const url = urlOf(component, ports);
  return new Promise((resolve) => {
    const options = { agent: false, timeout: answerMillis, ...tlsOptions(component, credentials) };
    const get = url.startsWith("https:") ? https.get : http.get;
    const request = get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => {
      resolve(false);
    });
    request.on("close", () => {
      resolve(false);
    });
  });
}

/** The components that do not say that they are well, each asked once and all at the same time. */
export async function unhealthyComponents(ports: Ports, credentials: Credentials | undefined): Promise<readonly ClusterComponent[]> {
  const healthy = await Promise.all(clusterComponents.map((component) => answers(component, ports, credentials)));
  return clusterComponents.filter((_, index) => healthy[index] !== true);
}
