import type { ContainerProcess } from "./runningContainers";

/** Where somebody may listen on TCP. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Tries each place, without a second try; what does not answer within this is not reached. */
const script = `
const net = require("node:net");
const tried = JSON.parse(process.argv[1]).map(([name, { host, port }]) => new Promise((resolve) => {
  const socket = net.connect({ host, port, timeout: 2000 });
  const end = (reached) => { socket.destroy(); resolve(reached ? [name] : []); };
  socket.on("connect", () => end(true)).on("timeout", () => end(false)).on("error", () => end(false));
}));
Promise.all(tried).then((names) => console.log(JSON.stringify(names.flat())));`;

/** Which of the places a container's network lets a connection through to, by their names. */
export function reached({ node, pid }: ContainerProcess, places: Readonly<Record<string, Place>>): readonly string[] {
  const inNetwork = ["--target", String(pid), "--net", process.execPath, "--eval", script, JSON.stringify(Object.entries(places))];
  return JSON.parse(node.machine.run("nsenter", inNetwork)) as readonly string[];
}
