import type { ContainerProcess } from "./runningContainers";

/** Where somebody may listen on TCP. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Tries each place, without a second try; what does not answer within two seconds is not reached. */
const script = `
const net = require("node:net");
const tried = JSON.parse(process.argv[1]).map(([name, { host, port }]) => new Promise((resolve) => {
  const socket = net.connect({ host, port, timeout: 2000 });
  const end = (reached) => { socket.destroy(); resolve(reached ? [name] : []); };
  socket.on("connect", () => end(true)).on("timeout", () => end(false)).on("error", () => end(false));
}));
Promise.all(tried).then((names) => console.log(JSON.stringify([process.argv[2], names.flat()])));`;

type Sources = Readonly<Record<string, ContainerProcess>>;

/** Of each container, by its name here: to which of the places its network lets a connection through, by theirs. All are tried at once. */
export function reached(from: Sources, places: Readonly<Record<string, Place>>): Readonly<Record<string, readonly string[]>> {
  const nodes = new Set(Object.values(from).map(({ node }) => node));
  const lines = [...nodes].flatMap((node) => {
    const own = Object.entries(from).filter(([, process]) => process.node === node);
    const tries = own.map(([name, { pid }]) => `nsenter --target ${pid} --net "$0" --eval "$1" "$2" ${name} &`);
    const args = [process.execPath, script, JSON.stringify(Object.entries(places))];
    return node.machine
      .run("sh", ["-c", [...tries, "wait"].join("\n"), ...args])
      .trim()
      .split("\n");
  });
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, readonly string[]]));
}
