import { isDeepStrictEqual } from "node:util";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { ClusterNode } from "./clusterNode";
import type { NodeCluster } from "./nodeCluster";
import { podName, pods } from "./podStates";

/** A container as its manifest has it, and as the kernel does. */
interface RunningContainer {
  /** As `namespace/pod container`. */
  readonly name: string;
  readonly pod: V1Pod;
  readonly container: V1Container;
  readonly process: ContainerProcess;
}

/** A container's first process. */
export interface ContainerProcess {
  readonly node: ClusterNode;
  /** As the node's machine counts. */
  readonly pid: number;
}

/** The containers that run now, of all pods. */
export async function runningContainers(cluster: NodeCluster): Promise<readonly RunningContainer[]> {
  const processes = new Map(cluster.nodes.flatMap((node) => [...node.tasks()].map(([id, pid]) => [id, { node, pid }] as const)));
  return (await pods(cluster)).flatMap((pod) => {
    const ids = new Map((pod.status?.containerStatuses ?? []).map(({ name, containerID }) => [name, containerID?.split("://")[1] ?? ""]));
    return (pod.spec?.containers ?? []).flatMap((container) => {
      const process = processes.get(ids.get(container.name) ?? "");
      const name = `${podName(pod)} ${container.name}`;
      return process === undefined ? [] : [{ name, pod, container, process }];
    });
  });
}

/** Kills the first processes of containers, by their names. */
export async function killContainers(cluster: NodeCluster, names: RegExp): Promise<void> {
  for (const { name, process } of await runningContainers(cluster))
    if (names.test(name)) process.node.machine.run("kill", ["-KILL", String(process.pid)]);
}

/** How those that run differ from their manifests in what the kernel lets them do. @throws Error where fewer than `least` run */
export async function wrongRights(cluster: NodeCluster, names: RegExp, least: number): Promise<readonly object[]> {
  const containers = (await runningContainers(cluster)).filter(({ name }) => names.test(name));
  if (containers.length < least) throw new Error(`only ${containers.length} containers run`);
  return containers.flatMap((each) => {
    const asked = rightsAsked(each);
    const all = rightsOf(each.process);
    const had = Object.fromEntries(Object.keys(asked).map((key) => [key, all[key as keyof typeof all]]));
    return isDeepStrictEqual(had, asked) ? [] : [{ name: each.name, asked, had }];
  });
}

/** What the kernel lets a process do. */
interface ProcessRights {
  readonly user: number;
  readonly groups: readonly number[];
  /** Capabilities that it may ever have, one bit each. */
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  readonly seccomp: boolean;
  readonly readOnlyRoot: boolean;
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function rightsOf({ node, pid }: ContainerProcess): ProcessRights {
  const read = (file: string): readonly string[] => node.machine.run("cat", [`/proc/${pid}/${file}`]).split("\n");
  const lines = read("status");
  const field = (name: string): string => (lines.find((line) => line.startsWith(`${name}:`)) ?? "").slice(name.length + 1).trim();
  const root = read("mountinfo").find((line) => line.split(" ")[4] === "/");
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  return {
    user: numbers(field("Uid"))[0] ?? -1,
    groups: [...new Set([...numbers(field("Gid")), ...numbers(field("Groups"))])],
    capabilities: BigInt(`0x${field("CapBnd")}`),
    noNewPrivileges: field("NoNewPrivs") === "1",
    // 2: by a filter
    seccomp: field("Seccomp") === "2",
    readOnlyRoot: root?.split(" ")[5]?.split(",").includes("ro") === true,
  };
}

/** The rights that a manifest gives a container. Of the user only where it names one. */
function rightsAsked({ pod, container }: RunningContainer): Partial<ProcessRights> {
  const [own, shared] = [container.securityContext, pod.spec?.securityContext];
  const user = own?.runAsUser ?? shared?.runAsUser;
  return {
    ...(user === undefined ? {} : { user }),
    ...(own?.capabilities?.drop?.includes("ALL") === true && own.capabilities.add === undefined ? { capabilities: 0n } : {}),
    noNewPrivileges: own?.allowPrivilegeEscalation === false,
    seccomp: (own?.seccompProfile ?? shared?.seccompProfile)?.type === "RuntimeDefault",
    readOnlyRoot: own?.readOnlyRootFilesystem === true,
  };
}
