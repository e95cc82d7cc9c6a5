import * as fs from "node:fs";
import { type Call, call, successful } from "./call";

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server as a pod reaches it: by its variables, the account's token and the account's roots. */
function inCluster(path: string): Call {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = process.env;
  const [token, ca] = ["token", "ca.crt"].map((name) => fs.readFileSync(`${account}/${name}`, "utf8"));
  return {
    url: `https://${host}:${port}${path}`,
    ca,
    headers: { authorization: `Bearer ${token ?? ""}`, "content-type": "application/json" },
  };
}

/** Reads an object, or makes one. @throws Error for what the API server refuses */
export async function ask<Result>(path: string, made: Pick<Call, "method" | "body"> = {}): Promise<Result> {
  return JSON.parse(await successful({ ...inCluster(path), ...made })) as Result;
}

/** Text that is no object: a log. */
export function read(path: string): Promise<string> {
  return successful(inCluster(path));
}

/** Whether there was something to delete. */
export async function remove(path: string): Promise<boolean> {
  const { status, text } = await call({ ...inCluster(`${path}?propagationPolicy=Background`), method: "DELETE" });
  if (status !== 200 && status !== 202 && status !== 404) throw new Error(`DELETE ${path}: ${status} ${text}`);
  return status !== 404;
}
