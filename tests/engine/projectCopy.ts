import { type SpawnSyncReturns, execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { projectRoot } from "../../local/paths";
import { packNames } from "../../policies/packs";
import { testPatience } from "../patience";

/** Systems of the stack `dev`, by their sections; the platform itself is always there. */
const systems = ["ingressNginx", "interlink", "ponos", "plexus", "geocube", "workers"] as const;

/** Of a script that hangs: its engine ends with it, and its plugins with the engine. */
export const limits = { timeout: testPatience, killSignal: "SIGKILL", maxBuffer: 64 << 20 } as const;

/** A clone of the project in a folder of its own, with a control plane and a state of its own. Packages and tools are shared. */
export class ProjectCopy {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "trustplane-"));
  readonly kubeconfig = path.join(this.root, ".trustplane", "kubeconfig");

  /**
   * @param kept the only systems that the stack `dev` has there, because every operation takes time for each of its objects
   * @param policies whether the packs judge it, which costs time too, and is for tests that are about the whole
   */
  constructor(kept: readonly (typeof systems)[number][] = systems, { policies = false } = {}) {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    for (const file of files.split("\0").filter((name) => name !== "" && fs.existsSync(path.join(projectRoot, name)))) {
      fs.cpSync(path.join(projectRoot, file), path.join(this.root, file));
    }
    fs.symlinkSync(path.join(projectRoot, "node_modules"), path.join(this.root, "node_modules"));
    for (const name of policies ? [] : packNames) fs.rmSync(path.join(this.root, "policies", name, "PulumiPolicy.yaml"));
    const absent = systems.filter((system) => !kept.includes(system));
    this.configure(Object.fromEntries(absent.map((system) => [`trustplane:${system}`, undefined])));
  }

  /** Runs one of the scripts as npm would, e.g. `run("up")`. */
  run(script: string, ...args: readonly string[]): Run {
    return this.runWith({}, script, ...args);
  }

  /** The same with more in the environment. */
  runWith(more: NodeJS.ProcessEnv, script: string, ...args: readonly string[]): Run {
    const env = { ...process.env, TRUSTPLANE_HOME: undefined, ...more };
    const command = ["local/bootstrap.js", `${script === "down" ? "local" : "automation"}/${script}.ts`, ...args];
    return new Run(spawnSync(process.execPath, command, { cwd: this.root, env, encoding: "utf8", ...limits }));
  }

  /** Sets values in a stack's file by their paths below `config`; `undefined` takes one out. */
  configure(values: Readonly<Record<string, unknown>>, stack = "dev"): void {
    const file = path.join(this.root, `Pulumi.${stack}.yaml`);
    const document = parseDocument(fs.readFileSync(file, "utf8"));
    for (const [at, value] of Object.entries(values)) {
      const keys = ["config", ...at.split(".")];
      if (value === undefined) document.deleteIn(keys);
      else document.setIn(keys, document.createNode(value));
    }
    fs.writeFileSync(file, document.toString());
  }

  /** Writes another text into a file of the project, as an earlier version had it. @returns what writes the present one again */
  alter(file: string, present: string, earlier: string): () => void {
    const place = path.join(this.root, file);
    const text = fs.readFileSync(place, "utf8");
    if (!text.includes(present)) throw new Error(`${file} has no ${JSON.stringify(present)}`);
    fs.writeFileSync(place, text.replaceAll(present, earlier));
    return () => {
      fs.writeFileSync(place, text);
    };
  }

  /** The stack's outputs, secrets masked. */
  outputs(): Record<string, unknown> {
    return JSON.parse(this.run("outputs", "--json").expect(0).stdout) as Record<string, unknown>;
  }

  /** Ends the control plane, and the plugins that an engine has left which was killed, and deletes the folder. */
  dispose(): void {
    this.run("down");
    endProcessesIn(this.root);
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** Ends what works in a folder, where the machine tells of it. */
function endProcessesIn(folder: string): void {
  const pids = fs.existsSync("/proc/self/cwd") ? fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  for (const pid of pids) {
    try {
      if (fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // it has ended meanwhile, or is somebody else's
    }
  }
}

/** How a script ended. */
export class Run {
  readonly stdout: string;
  /** Both streams. */
  readonly text: string;
  readonly code: number | null;

  constructor({ stdout, stderr, status }: SpawnSyncReturns<string>) {
    this.stdout = stdout;
    this.text = stderr + stdout;
    this.code = status;
  }

  /** The run itself; throws with everything that it printed when it ended otherwise. */
  expect(code: number): this {
    if (this.code !== code) throw new Error(`exit code ${this.code}, not ${code}:\n${this.text}`);
    return this;
  }

  /** What an operation did, from its lines `  created tls:index/privateKey:PrivateKey private-ca-1-key`. */
  steps(): readonly string[] {
    return [...this.text.matchAll(/^ {2}([a-z]+(?: [a-z]+)*) \S+:\S+ ([\w-]+)$/gm)]
      .map(([, word = "", name = ""]) => `${word} ${name}`)
      .sort();
  }
}
