import * as fs from "node:fs";
import * as path from "node:path";
import { readCredentials, writeKubeconfig } from "../../local/controlPlane/credentials";
import { type Layout, layoutOf } from "../../local/controlPlane/layout";
import type { Ports } from "../../local/controlPlane/ports";
import type { OwnArguments } from "../../local/controlPlane/settings";
import { startProcesses } from "../../local/controlPlane/startCluster";
import { silentProgress } from "../../local/progress";
import type { TestTools } from "../testTools";
import { bottleFolder, execute, network } from "./machine";

/** The address of the API server in the cluster, which its certificate has to name. */
const serviceAddress = "10.96.0.1";

/** Nothing else listens in the bottle. */
const ports: Ports = {
  etcd: 2379,
  etcdPeer: 2380,
  apiServer: 6443,
  controllerManager: 10257,
  scheduler: 10259,
  kwok: 10247,
  egress: 10246,
};

/** What is otherwise than on the embedded control plane: nodes and pods are reached as they are, and nobody plays them. */
function ownArguments({ pki }: Layout): OwnArguments {
  return {
    "kube-apiserver": {
      "bind-address": "0.0.0.0",
      "egress-selector-config-file": undefined,
      // the API server itself is on no node, so that no kube-proxy leads it to a Service
      "enable-aggregator-routing": "true",
      "kubelet-client-certificate": path.join(pki, "admin.crt"),
      "kubelet-client-key": path.join(pki, "admin.key"),
      "kubelet-preferred-address-types": "InternalIP",
    },
    "kube-controller-manager": { "node-monitor-grace-period": "40s" },
    "kwok-controller": {
      config: path.join(__dirname, "stages.yaml"),
      "manage-all-nodes": "false",
      "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
    },
  };
}

/** Starts a control plane in the bottle by the code of the embedded one. @returns where it keeps its things */
export async function startControlPlane(tools: TestTools): Promise<Layout> {
  const layout = layoutOf(path.join(bottleFolder(), "control-plane"));
  fs.mkdirSync(layout.root, { recursive: true });
  // kwokctl names the machine's own addresses in the API server's certificate
  execute("ip", ["address", "add", `${serviceAddress}/32`, "dev", "lo"]);
  const outcome = await startProcesses(layout, tools, ports, silentProgress.start(""), ownArguments(layout));
  execute("ip", ["address", "delete", `${serviceAddress}/32`, "dev", "lo"]);
  if ("failure" in outcome) throw new Error(outcome.failure);
  const credentials = readCredentials(layout, ports.apiServer);
  writeKubeconfig(layout, { ...credentials, server: `https://${network.gateway}:${ports.apiServer}` });
  return layout;
}
