import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { ownNamespaces } from "./namespaces";

/** The bottle's folder. @throws Error outside a bottle */
export function bottleFolder(): string {
  const folder = process.env.TRUSTPLANE_NODES;
  if (folder === undefined) throw new Error("tests on nodes run in a bottle: npm test -- --only node");
  return folder;
}

/** Runs a program to its end. @returns what it wrote on stdout @throws Error with what it wrote on stderr */
export function execute(command: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 64 << 20 });
  if (status === 0) return stdout;
  throw new Error(`${path.basename(command)} ${args.join(" ")}: ${error?.message ?? (stderr.trim() || stdout.trim())}`);
}

/** The network of all machines, whose gateway is the bottle itself: the control plane, and the way between the machines. */
export const network = { bridge: "lan", gateway: "192.0.2.1", outside: ["198.51.100.1", "203.0.113.1"] } as const;

/** Makes the machines' network. */
export function makeNetwork(): void {
  execute("ip", ["link", "add", "name", network.bridge, "type", "bridge"]);
  for (const address of [network.gateway, ...network.outside]) execute("ip", ["address", "add", `${address}/24`, "dev", network.bridge]);
  execute("ip", ["link", "set", network.bridge, "up"]);
  fs.writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
}

/** A machine in the bottle: mounts, network, processes and host name of its own. */
export class Machine {
  private constructor(
    readonly name: string,
    /** Ends everything on the machine with it. */
    private readonly holder: ChildProcess,
    /** The machine's first process, as the bottle counts. */
    private readonly pid: number,
  ) {}

  /** @param addresses of its interface, of networks with 24 bits; @param gateway of everything else */
  static async create(name: string, addresses: readonly string[], gateway: string): Promise<Machine> {
    fs.mkdirSync(logs(), { recursive: true });
    const holder = spawn("unshare", [...ownNamespaces("slave"), "sh", path.join(__dirname, "machine.sh"), name], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    const child = fs.readFileSync(`/proc/${holder.pid ?? 0}/task/${holder.pid ?? 0}/children`, "utf8");
    const machine = new Machine(name, holder, Number(child));
    machine.connect(addresses, gateway);
    return machine;
  }

  /** Runs a program on the machine to its end. */
  run(command: string, args: readonly string[], input = ""): string {
    return execute("nsenter", this.entering(command, args), input);
  }

  /** Starts a program on the machine that goes on, and writes what it says to a file of the folder `logs`. */
  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    const log = fs.openSync(path.join(logs(), `${this.name}-${path.basename(command)}.log`), "a");
    const child = spawn("nsenter", this.entering(command, args), { env, stdio: ["ignore", log, log] });
    fs.closeSync(log);
    return child;
  }

  /** Sets a kernel parameter of its network. */
  set(parameter: string, value: string): void {
    this.run("sh", ["-c", `echo ${value} > /proc/sys/${parameter}`]);
  }

  /** As when its power goes: no process has time for anything. */
  async cut(): Promise<void> {
    this.holder.kill("SIGKILL");
    await once(this.holder, "exit");
    // which goes with the machine's network by itself, now or a moment later
    spawnSync("ip", ["link", "delete", `to-${this.name}`]);
  }

  private entering(command: string, args: readonly string[]): readonly string[] {
    return ["--target", String(this.pid), "--mount", "--net", "--uts", "--pid", "--", command, ...args];
  }

  private connect(addresses: readonly string[], gateway: string): void {
    const outer = `to-${this.name}`;
    execute("ip", ["link", "add", "name", outer, "type", "veth", "peer", "name", "eth0", "netns", String(this.pid)]);
    execute("ip", ["link", "set", outer, "master", network.bridge, "up"]);
    for (const address of addresses) this.run("ip", ["address", "add", `${address}/24`, "dev", "eth0"]);
    this.run("ip", ["link", "set", "eth0", "up"]);
    this.run("ip", ["route", "add", "default", "via", gateway]);
  }
}

function logs(): string {
  return path.join(bottleFolder(), "logs");
}
