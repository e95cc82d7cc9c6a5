import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { withoutDebugLogs } from "../../automation/engineHome";
import { Failure } from "../../automation/exitCode";
import { Interrupts, type Session } from "../../automation/session";
import { silentProgress } from "../../local/progress";
import { installPlugins } from "../pluginHome";

const resourceModule = require.resolve("@pulumi/pulumi");

/** A project whose program makes components, on a backend of its own; the environment leads to it until it is removed. */
export class SmallProject {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "automation-"));
  readonly printed: string[] = [];
  readonly said: string[] = [];
  private readonly environment = { ...process.env };

  constructor() {
    fs.mkdirSync(path.join(this.root, "state"));
    this.write("Pulumi.yaml", "name: small\nruntime: nodejs\n");
    this.configure({});
    process.env.PULUMI_BACKEND_URL = `file://${path.join(this.root, "state")}`;
    process.env.PULUMI_CONFIG_PASSPHRASE = "small";
    process.env.PULUMI_HOME = path.join(this.root, "home");
    withoutDebugLogs(process.env.PULUMI_HOME);
    installPlugins(process.env.PULUMI_HOME);
  }

  /** `body` is the program's JavaScript; `make(n)` makes n components. */
  program(body: string): void {
    const file = path.join(this.root, "index.js");
    const make = `const make = (n, options) => { for (let i = 0; i < n; i++) new pulumi.ComponentResource("small:index:Part", "part-" + i, {}, options); };`;
    fs.writeFileSync(
      file,
      `const pulumi = require(${JSON.stringify(resourceModule)});\n${make}\nmodule.exports = async () => {\n${body}\n};\n`,
    );
    Reflect.deleteProperty(require.cache, file);
  }

  /** Writes a file of the project, e.g. of a chart. */
  write(name: string, text: string): void {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  /** The configuration of the stack. */
  configure(config: Readonly<Record<string, unknown>>): void {
    this.write("Pulumi.one.yaml", stringify({ config }));
  }

  session(given: Record<string, string | true> = {}): Session {
    const said = this.said;
    return {
      root: this.root,
      stack: typeof given.stack === "string" ? given.stack : "one",
      given: new Map(Object.entries(given)),
      progress: { ...silentProgress, line: (text) => void said.push(text) },
      live: false,
      print: (text) => void this.printed.push(text),
      interrupts: new Interrupts(),
    };
  }

  /** URNs of the components that the state holds. */
  parts(): number {
    const file = path.join(this.root, "state", ".pulumi", "stacks", "small", "one.json");
    return fs.readFileSync(file, "utf8").match(/"type": *"small:index:Part"/g)?.length ?? 0;
  }

  /** The names in a folder of the backend. */
  backend(...folder: readonly string[]): readonly string[] {
    const place = path.join(this.root, "state", ".pulumi", ...folder);
    return fs.existsSync(place) ? fs.readdirSync(place) : [];
  }

  take(): string {
    return this.printed.splice(0).join("\n");
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
    process.env = this.environment;
  }
}

/** The Failure that `work` ends with. */
export async function refusalOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Failure, `expected a Failure, got ${String(error)}`);
  return error;
}
