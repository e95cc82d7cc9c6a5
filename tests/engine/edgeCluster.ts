import { execFileSync } from "node:child_process";
import { renewal } from "../renewal";
import { eventually } from "./controlPlaneTestbed";

type Files = Readonly<Record<string, string>>;

const edgeNamespace = "kubernetes-api-edge";
const configMap = ["configmap", "kubernetes-api-edge"];
const leafSecret = ["secret", "kubernetes-api-edge-tls"];
const certificate = ["certificate", "kubernetes-api-edge-tls"];

/** What pods of the edge would be given, and a ServiceAccount of HPC jobs, asked of the cluster as its administrator. */
export class EdgeCluster {
  /** @param program kubectl's */
  constructor(
    private readonly program: string,
    private readonly kubeconfig: string,
  ) {}

  get apiServerPort(): number {
    return Number(new URL(this.kubectl("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}")).port);
  }

  configuration(): string {
    return this.data(configMap)["nginx.conf"] ?? "";
  }

  /** The CA that Kubernetes publishes in the edge's namespace. */
  clusterCa(): string {
    return this.data(["configmap", "kube-root-ca.crt"])["ca.crt"] ?? "";
  }

  /** The leaf's Secret as files. */
  leaf(): Files {
    const decoded = Object.entries(this.data(leafSecret)).map(([name, text]) => [name, Buffer.from(text, "base64").toString()]);
    return Object.fromEntries(decoded) as Files;
  }

  /** The same once `issuer` issued it. */
  async leafBy(issuer: string): Promise<Files> {
    const issuerName = "jsonpath={.metadata.annotations.cert-manager\\.io/issuer-name}";
    await eventually(`${issuer} issued the leaf`, () => Promise.resolve(this.edge("get", ...leafSecret, "-o", issuerName) === issuer));
    return this.leaf();
  }

  /** Has cert-manager issue the leaf before its time, as `cmctl renew` does. */
  async renewedLeaf(): Promise<Files> {
    const old = this.leaf()["tls.crt"];
    this.edge("patch", ...certificate, ...renewal());
    await eventually("the leaf is renewed", () => Promise.resolve(this.leaf()["tls.crt"] !== old));
    return this.leaf();
  }

  /** A token of a new ServiceAccount `job` that may read and create ConfigMaps in the namespace `hpc`, and nothing else. */
  serviceAccountToken(): string {
    this.kubectl("create", "namespace", "hpc");
    this.kubectl("-n", "hpc", "create", "serviceaccount", "job");
    this.kubectl("-n", "hpc", "create", "role", "job", "--verb=get,list,watch,create", "--resource=configmaps");
    this.kubectl("-n", "hpc", "create", "rolebinding", "job", "--role=job", "--serviceaccount=hpc:job");
    return this.kubectl("-n", "hpc", "create", "token", "job");
  }

  createConfigMap(name: string): void {
    this.kubectl("-n", "hpc", "create", "configmap", name);
  }

  private data(object: readonly string[]): Files {
    return JSON.parse(this.edge("get", ...object, "-o", "jsonpath={.data}")) as Files;
  }

  private edge(...args: readonly string[]): string {
    return this.kubectl("-n", edgeNamespace, ...args);
  }

  private kubectl(...args: readonly string[]): string {
    return execFileSync(this.program, ["--kubeconfig", this.kubeconfig, ...args], { encoding: "utf8" }).trim();
  }
}
