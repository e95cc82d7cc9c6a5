import { FILL_IMAGE } from "../../config/ponosSchema";
import type { DevStack } from "./devStack";
import type { Machine } from "./machine";
import type { Place } from "./reach";

const name = "workload";

/** A pod of the namespace `default` whose ServiceAccount may do what users do there. */
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: FILL_IMAGE, command: ["sh", "-c", "n=0; while :; do echo line $n; n=$((n + 1)); sleep 1; done"] }],
  },
};

/** Makes the pod. @returns its own token */
export function makeWorkload({ cluster }: DevStack): string {
  cluster.create(pod);
  cluster.kubectl("create", "rolebinding", name, "--clusterrole=edit", "--serviceaccount=default:default");
  cluster.kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=300s");
  return cluster.kubectl("exec", name, "--", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/token");
}

/** kubectl on the machine outside the cluster, which has nothing but an address, roots and a pod's token. */
export class OutsideKubectl {
  constructor(
    private readonly dev: DevStack,
    private readonly edge: Place,
    private readonly token: string,
  ) {}

  /** A command of kubectl for a shell. */
  command(text: string): string {
    const { cluster, bundle } = this.dev;
    const server = `https://${this.edge.host}:${this.edge.port}`;
    return `${cluster.tools.kubectl.path} --server ${server} --certificate-authority ${bundle} --token ${this.token} ${text}`;
  }

  /** Runs a shell's line. @throws Error with what it said */
  run(line: string): string {
    return this.dev.cluster.outside.run("sh", ["-c", line]).trim();
  }

  /** The API server's name for the token's holder, and the pod that it was made for. */
  whoami(): readonly unknown[] {
    const who = JSON.parse(this.run(this.command("auth whoami --output json"))) as {
      status: { userInfo: { username: string; extra: Record<string, string[]> } };
    };
    const { username, extra } = who.status.userInfo;
    return [username, extra["authentication.kubernetes.io/pod-name"]];
  }
}

/** What becomes of a connection from one of a machine's addresses: `connected`, `silent` or an error's code. */
export function connection(machine: Machine, to: Place, localAddress: string): string {
  const script = `
    const socket = require("node:net").connect({ ...JSON.parse(process.argv[1]), timeout: 3000 });
    const end = (text) => { console.log(text); socket.destroy(); };
    socket.on("connect", () => end("connected")).on("timeout", () => end("silent")).on("error", (error) => end(error.code));`;
  return machine.run(process.execPath, ["--eval", script, JSON.stringify({ ...to, localAddress })]).trim();
}

/** What {@link OutsideKubectl.whoami} gives for the pod's token. */
export const workloadIdentity = ["system:serviceaccount:default:default", [name]];
