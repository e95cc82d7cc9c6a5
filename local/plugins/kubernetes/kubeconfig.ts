import * as fs from "node:fs";
import type * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { Json, JsonObject } from "../server/provider";
import { credentialsOf } from "./credentials";
import { textAt } from "./fields";
import { isObject } from "./kubernetesObject";

const IN_CLUSTER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** A kubeconfig of which one context is chosen. */
export class Kubeconfig {
  private constructor(
    private readonly content: JsonObject,
    private readonly folder: string,
    private readonly chosen: string,
  ) {}

  /**
   * Reads a kubeconfig given as its text or as the path of its file. Relative paths inside a file are relative to the file.
   * @throws Error when it is no YAML mapping
   */
  static read(textOrPath: string): Kubeconfig {
    const file = existingFile(textOrPath);
    const content = parseYaml(file === undefined ? textOrPath : fs.readFileSync(file, "utf8"));
    return new Kubeconfig(content, file === undefined ? "" : path.dirname(file), textAt(content, ["current-context"]));
  }

  /** The kubeconfig of `KUBECONFIG` (the first file that exists), of the home folder, or of the pod that this runs in. */
  static ambient(): Kubeconfig {
    const files = process.env.KUBECONFIG?.split(path.delimiter) ?? [path.join(os.homedir(), ".kube", "config")];
    const file = files.find((name) => name !== "" && fs.existsSync(name));
    if (file !== undefined) return Kubeconfig.read(file);
    return new Kubeconfig(inCluster(), "", "in-cluster");
  }

  /** Another context of the same file, and another cluster for it. @throws Error when there is no such context */
  with(context: string | undefined, cluster?: string): Kubeconfig {
    const name = context ?? this.chosen;
    const chosen = this.named("contexts", "context", name);
    if (chosen === undefined) throw new Error(`context "${name}" does not exist`);
    if (cluster === undefined) return new Kubeconfig(this.content, this.folder, name);
    const contexts = [{ name, context: { ...chosen, cluster } }];
    return new Kubeconfig({ ...this.content, contexts }, this.folder, name);
  }

  /** The namespace of the context, if it has one. */
  get namespace(): string | undefined {
    const namespace = textAt(this.context, ["namespace"]);
    return namespace === "" ? undefined : namespace;
  }

  /** The context's entry of `clusters`, if there is one. */
  get cluster(): JsonObject | undefined {
    return this.named("clusters", "cluster", textAt(this.context, ["cluster"]));
  }

  /** The API server's address. @throws Error when the context names no cluster */
  get server(): URL {
    const server = textAt(this.cluster, ["server"]);
    if (server === "") throw new Error(`the kubeconfig's context "${this.chosen}" names no cluster`);
    return new URL(server);
  }

  /** What a request to the server needs: trust, client certificate, headers. */
  requestOptions(): Promise<https.RequestOptions> {
    const user = this.named("users", "user", textAt(this.context, ["user"])) ?? {};
    return credentialsOf({ cluster: this.cluster ?? {}, user, folder: this.folder, exported: this.exportConfig() });
  }

  /** The kubeconfig as text, with the chosen context as the current one and absolute paths. */
  exportConfig(): string {
    const entries = (list: string, entry: string): readonly Json[] =>
      this.list(list).map((item) => ({ ...item, [entry]: this.withAbsolutePaths(item[entry]) }));
    const parts = { clusters: entries("clusters", "cluster"), users: entries("users", "user") };
    return JSON.stringify({ ...this.content, ...parts, "current-context": this.chosen });
  }

  private get context(): JsonObject | undefined {
    return this.named("contexts", "context", this.chosen);
  }

  private list(list: string): readonly JsonObject[] {
    const items = this.content[list];
    return Array.isArray(items) ? (items as readonly Json[]).filter(isObject) : [];
  }

  private named(list: string, entry: string, name: string): JsonObject | undefined {
    const found = this.list(list).find((item) => item.name === name)?.[entry];
    return isObject(found) ? found : undefined;
  }

  private withAbsolutePaths(entry: Json | undefined): Json {
    if (!isObject(entry)) return {};
    const files = new Set(["certificate-authority", "client-certificate", "client-key", "tokenFile"]);
    const absolute = ([key, value]: [string, Json]): [string, Json] =>
      files.has(key) && typeof value === "string" ? [key, path.resolve(this.folder, value)] : [key, value];
    return Object.fromEntries(Object.entries(entry).map(absolute));
  }
}

function existingFile(textOrPath: string): string | undefined {
  if (textOrPath.includes("\n")) return undefined;
  const file = textOrPath.replace(/^~(?=\/)/, os.homedir());
  return fs.existsSync(file) ? file : undefined;
}

function parseYaml(text: string): JsonObject {
  try {
    const content = parse(text) as Json;
    if (isObject(content)) return content;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Error(`yaml: line ${(error.linePos?.[0].line ?? 1).toString()}: ${error.message.split(" at line ")[0] ?? ""}`);
  }
  throw new Error("it is neither a kubeconfig nor the path of one");
}

function inCluster(): JsonObject {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  if (host === "")
    throw new Error("invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable");
  const name = "in-cluster";
  const address = host.includes(":") ? `[${host}]` : host;
  return {
    clusters: [{ name, cluster: { server: `https://${address}:${port}`, "certificate-authority": `${IN_CLUSTER}/ca.crt` } }],
    users: [{ name, user: { tokenFile: `${IN_CLUSTER}/token` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
}
