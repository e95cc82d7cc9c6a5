import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { bottleArguments } from "./namespaces";

/** What nodes are made of, tried in namespaces of its own. */
const attempt = [
  "ip link add name b type bridge",
  "ip link add name v type veth peer name w",
  "mount -t tmpfs tmpfs /run",
  "mount --make-rshared /",
];

/** Why no pods can run on this machine; `undefined` where they can. */
export function whyNoNodes(): string | undefined {
  if (process.platform !== "linux") return "they need Linux";
  if (process.getuid?.() !== 0) return "they need root";
  // of version 2 nobody knows: it was never tried
  if (!fs.readFileSync("/proc/self/mounts", "utf8").includes(" cgroup ")) return "they were tried on cgroup version 1 alone";
  const { error, status, stderr } = spawnSync("setpriv", [...bottleArguments, "sh", "-ec", [...attempt, "nsenter --version"].join("\n")], {
    encoding: "utf8",
  });
  if (error !== undefined) return `there is no setpriv (util-linux): ${error.message}`;
  return status === 0 ? undefined : `this machine does not let them: ${stderr.trim()}`;
}
