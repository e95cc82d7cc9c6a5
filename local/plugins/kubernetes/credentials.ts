import * as fs from "node:fs";
import type * as https from "node:https";
import * as path from "node:path";
import type { JsonObject } from "../server/provider";
import { textAt } from "./fields";

/** The parts of a kubeconfig that say how to speak to its server. */
export interface Access {
  readonly cluster: JsonObject;
  readonly user: JsonObject;
  /** What relative paths are relative to. */
  readonly folder: string;
  /** The whole kubeconfig with the chosen context as the current one. */
  readonly exported: string;
}

/** Entries that need a program or a protocol of their own: left to the Kubernetes client library, which takes half a second to load. */
const elaborate = ["exec", "auth-provider", "as"];

/** The request options of a kubeconfig's cluster and user. @throws Error when a file that it names cannot be read */
export async function credentialsOf(access: Access): Promise<https.RequestOptions> {
  const { cluster, user } = access;
  if (textAt(cluster, ["proxy-url"]) !== "" || elaborate.some((key) => key in user)) return byLibrary(access);
  return {
    ca: content(access, cluster, "certificate-authority"),
    cert: content(access, user, "client-certificate"),
    key: content(access, user, "client-key"),
    headers: authorization(access),
    ...(cluster["insecure-skip-tls-verify"] === true ? { rejectUnauthorized: false } : {}),
    ...(textAt(cluster, ["tls-server-name"]) === "" ? {} : { servername: textAt(cluster, ["tls-server-name"]) }),
  };
}

async function byLibrary({ exported }: Access): Promise<https.RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromString(exported);
  const options: https.RequestOptions = {};
  await kubeconfig.applyToHTTPSOptions(options);
  return options;
}

function content({ folder }: Access, entry: JsonObject, key: string): Buffer | undefined {
  const data = textAt(entry, [`${key}-data`]);
  if (data !== "") return Buffer.from(data, "base64");
  const file = textAt(entry, [key]);
  return file === "" ? undefined : fs.readFileSync(path.resolve(folder, file));
}

function authorization({ folder, user }: Access): https.RequestOptions["headers"] & object {
  const file = textAt(user, ["tokenFile"]);
  const token = file === "" ? textAt(user, ["token"]) : fs.readFileSync(path.resolve(folder, file), "utf8").trim();
  if (token !== "") return { Authorization: `Bearer ${token}` };
  const name = textAt(user, ["username"]);
  if (name === "") return {};
  return { Authorization: `Basic ${Buffer.from(`${name}:${textAt(user, ["password"])}`).toString("base64")}` };
}
