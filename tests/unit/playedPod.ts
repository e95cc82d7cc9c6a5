import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { types } from "@pulumi/kubernetes";
import { MountedVolume } from "../engine/mountedVolume";
import { installImagePrograms } from "./imagePrograms";

type Container = types.output.core.v1.Container;
type Volume = types.output.core.v1.Volume;

/** Files of a ConfigMap or a Secret, in this version of it. */
export type Contents = (kind: "configMap" | "secret", name: string, version: number) => Readonly<Record<string, string>>;

/** How a command ended: `killed` is by the signal that it was sent. */
export interface Ended {
  readonly code: number | "killed";
  readonly errors: string;
}

const root = process.getuid?.() === 0;

/** A pod's volumes on this machine, and commands of its containers, run by its user among programs that stand for the image's own. */
export class PlayedPod {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pod-"));
  private readonly exchanged: (() => void)[] = [];
  private readonly user: number;
  private version = 1;

  constructor(
    spec: types.output.core.v1.PodSpec,
    private readonly contents: Contents,
  ) {
    this.user = (spec.securityContext as { runAsUser?: number } | undefined)?.runAsUser ?? 65_534;
    fs.chmodSync(this.folder, 0o755);
    installImagePrograms(this.at("bin"), this.calls);
    this.give(this.calls, 0o666);
    for (const volume of (spec.volumes as Volume[] | undefined) ?? []) this.mount(volume);
  }

  /** Starts a command in a process group of its own. */
  start(container: Container, command: readonly string[]): ChildProcess {
    const [program = "", ...args] = command.map((text) => this.here(container, text));
    const given = (container.env as Container["env"] | undefined) ?? [];
    const env = given.map(({ name, value }) => [name, this.here(container, (value as string | undefined) ?? "given")] as const);
    const PATH = `${this.at("bin")}:/usr/bin:/bin`;
    const unprivileged = root ? { uid: this.user, gid: this.user } : {};
    const options = { ...unprivileged, detached: true, env: { ...Object.fromEntries(env), PATH }, cwd: this.folder };
    return spawn(program, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  }

  /** Runs a command to its end. */
  run(container: Container, command: readonly string[]): Promise<Ended> {
    return ended(this.start(container, command));
  }

  /** How often the image's programs were called. */
  called(): number {
    return fs.readFileSync(this.calls, "utf8").length;
  }

  /** As the kubelet does with changed ConfigMaps and Secrets. */
  exchange(): void {
    this.version++;
    for (const each of this.exchanged) each();
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  private get calls(): string {
    return path.join(this.folder, "calls");
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }

  private mount({ name, configMap, secret }: Partial<Volume> & { name: string }): void {
    const folder = this.at(name);
    if (configMap === undefined && secret === undefined) {
      fs.mkdirSync(folder);
      this.give(folder, 0o2775);
      return;
    }
    const source =
      configMap === undefined
        ? ({ ...secret, kind: "secret", name: secret?.secretName } as const)
        : ({ ...configMap, kind: "configMap" } as const);
    const files = (): Readonly<Record<string, string>> => this.contents(source.kind, source.name ?? "", this.version);
    const volume = new MountedVolume(folder, files());
    const restrict = (): void => {
      for (const file of Object.keys(files())) this.give(path.join(folder, file), source.defaultMode ?? 0o644);
    };
    restrict();
    this.exchanged.push(() => {
      volume.replace(files());
      restrict();
    });
  }

  /** Of root and the pod's group, as volumes are with `fsGroup`; where the tests are not root's, of their own user. */
  private give(file: string, mode: number): void {
    if (root) fs.chownSync(file, 0, this.user);
    fs.chmodSync(file, mode);
  }

  /** The text with the volumes' folders in the place of where they are mounted. */
  private here(container: Container, text: string): string {
    const mounts = (container.volumeMounts as Container["volumeMounts"] | undefined) ?? [];
    const folders = new Map(mounts.map(({ mountPath, name }) => [mountPath.replace(/\/$/, ""), this.at(name)]));
    const inPod = new RegExp(`(?<![\\w./-])(${[...folders.keys(), "/consolidater", "/manager"].join("|")})(?![\\w-])`, "g");
    return text.replace(inPod, (place) => folders.get(place) ?? path.join(this.at("bin"), place));
  }
}

/** Waits for the end of a started command. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const chunks: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? "killed", errors: Buffer.concat(chunks).toString() };
}
