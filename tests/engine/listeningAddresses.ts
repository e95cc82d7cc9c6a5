import * as fs from "node:fs";

const listening = "0A";

/** Addresses as /proc/net/tcp6 writes them: four words in the machine's byte order. */
const mappedLoopback = "0000000000000000FFFF00000100007F";
const ipv6Loopback = "00000000000000000000000001000000";

function socketInodes(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  const targets = fs.readdirSync(folder).map((descriptor) => fs.readlinkSync(`${folder}/${descriptor}`, "utf8"));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

function address(hex: string): string {
  if (hex === mappedLoopback || hex === ipv6Loopback) return "127.0.0.1";
  return hex.length === 8 ? [...Buffer.from(hex, "hex")].reverse().join(".") : hex;
}

/** The addresses on which a process listens for TCP connections; IPv6's loopback is given as 127.0.0.1. Linux only. */
export function listeningAddresses(pid: number): string[] {
  const inodes = socketInodes(pid);
  const rows = ["tcp", "tcp6"].flatMap((table) => fs.readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1));
  const fields = rows.map((row) => row.trim().split(/\s+/));
  const own = fields.filter((row) => row[3] === listening && inodes.has(row[9] ?? ""));
  return own.map((row) => address(row[1]?.split(":")[0] ?? ""));
}
