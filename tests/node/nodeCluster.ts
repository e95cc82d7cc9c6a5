import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { typescript } from "../checks";
import { obtainTools, type TestTools } from "../testTools";
import { ClusterNode } from "./clusterNode";
import { startControlPlane } from "./controlPlane";
import { clusterImages } from "./images/images";
import { type ImageContent, writeImages } from "./images/writeImages";
import { bottleFolder, execute, Machine, makeNetwork, network } from "./machine";
import type { ClusterOfNodes } from "./nodeFiles";

interface Kubeconfig {
  readonly users: readonly { readonly user: Record<string, unknown> }[];
}

const nodeCount = 2;

/** A cluster in the bottle on whose nodes pods run, and a machine outside it. */
export class NodeCluster {
  private constructor(
    readonly tools: TestTools,
    /** The administrator's. */
    readonly kubeconfig: string,
    readonly nodes: readonly ClusterNode[],
    /** Has addresses in 198.51.100.0/24 and 203.0.113.0/24. */
    readonly outside: Machine,
  ) {}

  static async start(): Promise<NodeCluster> {
    const tools = await obtainTools(true);
    makeNetwork();
    const images = writeImages(path.join(bottleFolder(), "images"), tools, clusterImages);
    const layout = await startControlPlane(tools);
    const nodes = await startNodes({ tools, kubeconfig: impersonating(layout.kubeconfig), ca: path.join(layout.pki, "ca.crt") }, images);
    const outside = await Machine.create("outside", ["198.51.100.10", "203.0.113.10"], network.outside[0]);
    const cluster = new NodeCluster(tools, layout.kubeconfig, nodes, outside);
    cluster.kubectl("apply", "--filename", path.join(__dirname, "objects.yaml"));
    cluster.startVolumes();
    return cluster;
  }

  /** Brings more images to every node. */
  async addImages(contents: readonly ImageContent[]): Promise<void> {
    const archive = writeImages(fs.mkdtempSync(path.join(bottleFolder(), "images-")), this.tools, contents);
    await Promise.all(this.nodes.map((node) => node.importImages(archive)));
    fs.rmSync(path.dirname(archive), { recursive: true });
  }

  /** A client of the API server as its administrator. */
  client(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(this.kubeconfig);
    return config;
  }

  /** A process of its own, because tests wait for commands without doing anything else. */
  private startVolumes(): void {
    const script = [path.join(__dirname, "volumes.ts"), this.kubeconfig, ...this.nodes.map(({ name }) => name)];
    spawn(process.execPath, [...typescript, ...script], { stdio: "inherit" });
  }

  /** Runs kubectl as the administrator. @throws Error with what it said */
  kubectl(...args: readonly string[]): string {
    return this.kubectlAs(this.kubeconfig, args);
  }

  /** Runs kubectl as whose kubeconfig it is. @param object what it reads where it is told to read its input */
  kubectlAs(kubeconfig: string, args: readonly string[], object?: object): string {
    const input = object === undefined ? "" : JSON.stringify(object);
    return execute(this.tools.kubectl.path, ["--kubeconfig", kubeconfig, ...args], input).trim();
  }

  /** Makes an object as the administrator. */
  create(object: object): void {
    this.kubectlAs(this.kubeconfig, ["create", "--filename", "-"], object);
  }
}

async function startNodes(cluster: ClusterOfNodes, images: string): Promise<readonly ClusterNode[]> {
  const nodes = Array.from({ length: nodeCount }, (_, number) => new ClusterNode(number, cluster));
  await Promise.all(nodes.map((node) => node.start(images)));
  return nodes;
}

/** Kubeconfigs of others, for whom the administrator speaks. */
function impersonating(file: string): ClusterOfNodes["kubeconfig"] {
  return (user, group) => {
    const config = parse(fs.readFileSync(file, "utf8")) as Kubeconfig;
    for (const each of config.users) Object.assign(each.user, { as: user }, group === "" ? {} : { "as-groups": [group] });
    return stringify(config);
  };
}
