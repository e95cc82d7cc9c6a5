import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { replaceFile } from "../replaceFile";
import type { Layout } from "./layout";

/** How to reach the API server as its administrator; certificates and key are PEM text. */
export interface Credentials {
  readonly server: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const pkiFiles = ["ca.crt", "ca.key", "admin.crt", "admin.key"];

/** The files without which the data of etcd cannot be served any more, as far as they are missing. */
export function missingPki(layout: Layout): string[] {
  return pkiFiles.map((name) => path.join(layout.pki, name)).filter((file) => !fs.existsSync(file));
}

/** The administrator's credentials. @throws Error when kwokctl has not made them */
export function readCredentials(layout: Layout, port: number): Credentials {
  const text = (name: string): string => fs.readFileSync(path.join(layout.pki, name), "utf8");
  return { server: `https://127.0.0.1:${port}`, ca: text("ca.crt"), cert: text("admin.crt"), key: text("admin.key") };
}

function kubeconfigText({ server, ca, cert, key }: Credentials): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const name = "trustplane";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [{ name, user: { "client-certificate-data": base64(cert), "client-key-data": base64(key) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

/** Writes the kubeconfig (context `trustplane`, readable by its owner only, complete in itself) unless it says the same already. */
export function writeKubeconfig(layout: Layout, credentials: Credentials): void {
  const text = kubeconfigText(credentials);
  if (fs.existsSync(layout.kubeconfig) && fs.readFileSync(layout.kubeconfig, "utf8") === text) return;
  replaceFile(layout.kubeconfig, text, 0o600);
}
