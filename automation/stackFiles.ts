import * as fs from "node:fs";
import * as path from "node:path";
import { parse, parseDocument } from "yaml";
import { adoptEarlierFolders, embeddedWorkRoot } from "../local/embeddedWork";
import { embeddedKubeconfig, runtimeRoot, workRoot } from "../local/paths";
import { pluginSettings, type PluginFolder } from "../local/plugins/pluginFolder";
import { replaceFile } from "../local/replaceFile";
import { nearestName } from "../config/nearestName";
import { Failure } from "./exitCode";

/** What the engine itself writes into a stack's file. */
const engineKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;
const clusterKeys = ["config", "trustplane:cluster", "kubeconfig"] as const;

/** Where the settings of a stack are whose file is not in the repository, but made by a script. */
export function generatedStackFile(stack: string): string {
  return path.join(runtimeRoot, "stacks", `Pulumi.${stack}.yaml`);
}

/** The names of the stacks that have a `Pulumi.<name>.yaml` in `root`. */
export function stackNames(root: string): readonly string[] {
  return fs.readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** The path of a stack's file, the repository's or a generated one; a {@link Failure} that lists the stacks when there is none of this name. */
export function stackFile(root: string, stack: string): string {
  const names = stackNames(root);
  if (names.includes(stack)) return path.join(root, `Pulumi.${stack}.yaml`);
  if (fs.existsSync(generatedStackFile(stack))) return generatedStackFile(stack);
  const near = nearestName(stack, names);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new Failure(
    `--stack ${stack}: there is no Pulumi.${stack}.yaml.${hint} Stacks here: ${names.join(", ")}. Copy one of their files to make another.`,
  );
}

/** Whether a stack's cluster is the embedded control plane: its kubeconfig is `.trustplane/kubeconfig`. */
export function isEmbedded(root: string, stack: string): boolean {
  const kubeconfig: unknown = parseDocument(fs.readFileSync(stackFile(root, stack), "utf8")).getIn(clusterKeys);
  return typeof kubeconfig === "string" && path.resolve(root, kubeconfig) === path.join(root, ".trustplane", "kubeconfig");
}

/** A section of a stack's file as it stands there; undefined where there is none. */
export function configuredSection(root: string, stack: string, section: string): unknown {
  const file = parse(fs.readFileSync(stackFile(root, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> } | null;
  const value = file?.config?.[`trustplane:${section}`];
  return typeof value === "string" ? fromJson(value) : value;
}

/** What is no JSON is the text itself, for the section's schema to refuse. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The keys by which the engine encrypts a stack's secrets, from where they are kept: in its file, and for an embedded stack in its work folder. */
export function encryptionKeys(root: string, stack: string): Readonly<Partial<Record<(typeof engineKeys)[number], unknown>>> {
  const files = [new WorkFolder(root, stack, isEmbedded(root, stack)).file, stackFile(root, stack)].filter((file) => fs.existsSync(file));
  const settings = files.map((file) => parse(fs.readFileSync(file, "utf8")) as Readonly<Record<string, unknown>> | null);
  const kept = engineKeys.flatMap((key) => settings.flatMap((each) => (each?.[key] === undefined ? [] : [[key, each[key]] as const])));
  return Object.fromEntries(kept);
}

/** The project's name in `Pulumi.yaml`. */
export function projectName(root: string): string {
  const { name } = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as { name: string };
  return name;
}

/**
 * The folder in which the engine and its plugins run for one stack: the project's settings with the plugins' places added, a
 * copy of the stack's file, and a link to everything else, so that relative paths mean what they mean in the project's folder.
 * Those of stacks on the embedded control plane, which go when it goes, are apart from all others.
 * The repository's own settings are never written, but for the keys by which the engine encrypts a stack's secrets.
 */
export class WorkFolder {
  readonly path: string;
  /** The copy of the stack's file. */
  readonly file: string;
  private readonly source: string;

  /** @param place the folder @default the stack's own */
  constructor(
    private readonly root: string,
    stack: string,
    private readonly embedded: boolean,
    place?: string,
  ) {
    if (embedded) adoptEarlierFolders();
    this.path = place ?? path.join(embedded ? embeddedWorkRoot : workRoot, stack);
    this.file = path.join(this.path, `Pulumi.${stack}.yaml`);
    this.source = stackFile(root, stack);
  }

  /** @param plugins those that the engine shall start from their folders instead of looking for them */
  prepare(plugins: readonly PluginFolder[]): void {
    fs.mkdirSync(this.path, { recursive: true });
    for (const entry of fs.readdirSync(this.root)) {
      if (!entry.startsWith(".") && !/^Pulumi\..*yaml$/.test(entry)) link(path.join(this.root, entry), path.join(this.path, entry));
    }
    this.writeProject(plugins);
    this.writeStack();
  }

  /** The stack's secrets provider where its file names one, for a stack that is made now. */
  get secretsProvider(): string | undefined {
    const { secretsprovider } = (parse(fs.readFileSync(this.file, "utf8")) ?? {}) as { readonly secretsprovider?: string };
    return secretsprovider;
  }

  /** Brings encryption keys that the engine wrote back into the repository's file. The embedded stack's stay here. */
  saveKeys(): void {
    if (this.embedded || !fs.existsSync(this.file)) return;
    const [from, to] = [this.file, this.source].map((file) => parseDocument(fs.readFileSync(file, "utf8")));
    if (from === undefined || to === undefined) return;
    const changed = engineKeys.filter((key) => from.get(key) !== undefined && from.get(key) !== to.get(key));
    for (const key of changed) to.set(key, from.get(key));
    if (changed.length > 0) replaceFile(this.source, to.toString());
  }

  private writeProject(plugins: readonly PluginFolder[]): void {
    const project = parseDocument(fs.readFileSync(path.join(this.root, "Pulumi.yaml"), "utf8"));
    if (plugins.length > 0) project.set("plugins", pluginSettings(plugins));
    replaceFile(path.join(this.path, "Pulumi.yaml"), project.toString());
  }

  private writeStack(): void {
    const settings = parseDocument(fs.readFileSync(this.source, "utf8"));
    const before = fs.existsSync(this.file) ? parseDocument(fs.readFileSync(this.file, "utf8")) : undefined;
    for (const key of engineKeys) {
      if (this.embedded && settings.get(key) === undefined && before?.get(key) !== undefined) settings.set(key, before.get(key));
    }
    if (this.embedded) settings.setIn(clusterKeys, embeddedKubeconfig);
    replaceFile(this.file, settings.toString());
  }
}

function link(target: string, place: string): void {
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true && fs.readlinkSync(place) === target) return;
  fs.rmSync(place, { recursive: true, force: true });
  fs.symlinkSync(target, place);
}
