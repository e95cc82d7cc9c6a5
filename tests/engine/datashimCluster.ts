import { execFileSync, spawn } from "node:child_process";
import { eventually } from "./controlPlaneTestbed";

/** What a command printed, whether it succeeded or not. */
interface Ended {
  readonly done: boolean;
  readonly text: string;
}

/** The cluster with Datashim, as its administrator asks it. */
export class DatashimCluster {
  /** @param program kubectl's */
  constructor(
    private readonly program: string,
    private readonly kubeconfig: string,
  ) {}

  /** Runs kubectl. @throws Error with what it printed */
  kubectl(...args: readonly string[]): string {
    const { done, text } = this.attempt(args);
    if (!done) throw new Error(`kubectl ${args.join(" ")}: ${text}`);
    return text;
  }

  /** Creates an object of the namespace `tenant`, or of another. */
  create(object: object, namespace = "tenant"): Ended {
    return this.attempt(["create", "-n", namespace, "-f", "-"], JSON.stringify(object));
  }

  /** Whether a ServiceAccount may do this in the namespace `tenant`. */
  can(verb: string, resource: string, account: string): boolean {
    return this.attempt(["auth", "can-i", verb, resource, "--as", account, "-n", "tenant"]).done;
  }

  read(object: readonly string[], jsonPath: string): string {
    return this.kubectl("get", ...object, "-o", `jsonpath={${jsonPath}}`);
  }

  /** The leaf that the operator would serve, once `issuer` issued it. */
  async leafBy(issuer: string): Promise<string> {
    const secret = ["secret", "webhook-server-tls", "-n", "dlf"];
    const issued = (): string => this.read(secret, ".metadata.annotations.cert-manager\\.io/issuer-name");
    await eventually(`${issuer} issued the leaf`, () => Promise.resolve(issued() === issuer));
    return Buffer.from(this.read(secret, ".data.tls\\.crt"), "base64").toString();
  }

  /**
   * Does what the operator does once the namespace `tenant` is deleted: takes its finalizer from the Dataset. No container runs here.
   * @returns what it found of the operator's Deployment then
   */
  finalizer(dataset: string): Promise<string> {
    const kubectl = `'${this.program}' --kubeconfig '${this.kubeconfig}'`;
    const script = [
      `for turn in $(seq 200); do ${kubectl} get namespace tenant -o 'jsonpath={.metadata.deletionTimestamp}' | grep -q . && break; sleep 0.3; done`,
      `${kubectl} -n dlf get deployment dataset-operator -o name 2>&1`,
      `${kubectl} -n tenant patch datasetsinternal ${dataset} --type=merge -p '{"metadata":{"finalizers":null}}' > /dev/null`,
    ].join("\n");
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    return new Promise((resolve) => {
      child.on("close", () => {
        resolve(Buffer.concat(chunks).toString().trim());
      });
    });
  }

  private attempt(args: readonly string[], input = ""): Ended {
    try {
      const text = execFileSync(this.program, ["--kubeconfig", this.kubeconfig, ...args], { input, encoding: "utf8", stdio: "pipe" });
      return { done: true, text: text.trim() };
    } catch (error) {
      return { done: false, text: String((error as { stderr?: unknown }).stderr) };
    }
  }
}
