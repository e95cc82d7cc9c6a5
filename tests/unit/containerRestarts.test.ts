import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { types } from "@pulumi/kubernetes";
import type { PlainStackResource } from "../../policies/judgement";
import { shippedResources } from "../policies/shippedProgram";
import { downloader, emulator, geocube, unscaled } from "./geocubeFixture";
import { type Contents, type Ended, ended, PlayedPod } from "./playedPod";

type Container = types.output.core.v1.Container;
type PodSpec = types.output.core.v1.PodSpec;

type Made = Pick<PlainStackResource, "type" | "name" | "props">;

interface KubernetesObject {
  readonly metadata: { readonly name?: string };
  readonly data: Readonly<Record<string, string>>;
}

interface Found {
  /** The workload's name in the stack. */
  readonly name: string;
  readonly spec: PodSpec;
}

/** Every pod template, wherever it is in a resource. */
function podSpecs({ name, props }: Made): readonly Found[] {
  const within = (value: unknown): readonly PodSpec[] => {
    if (typeof value !== "object" || value === null) return [];
    if ("containers" in value && Array.isArray(value.containers)) return [value as PodSpec];
    return Object.values(value).flatMap(within);
  };
  return within(props).map((spec) => ({ name, spec }));
}

/** What the stack makes, and of the rest the leaves that cert-manager issues and the roots that Kubernetes publishes. */
function contentsOf(resources: readonly Made[]): Contents {
  return (kind, name, version) => {
    const type = kind === "secret" ? "kubernetes:core/v1:Secret" : "kubernetes:core/v1:ConfigMap";
    const objects = resources.filter((each) => each.type === type).map(({ props }) => props as KubernetesObject);
    const made = objects.find(({ metadata }) => metadata.name === name);
    if (made !== undefined) return made.data;
    return { "tls.crt": `leaf ${version}`, "tls.key": `key ${version}`, "ca.crt": "roots" };
  };
}

function commandOf({ command, args }: Partial<Container>): readonly string[] {
  return command === undefined ? [] : [...command, ...(args ?? [])];
}

type Optional<T> = { readonly [key in keyof T]?: T[key] };

function execOf(handler: object | undefined): readonly string[] {
  return (handler as Optional<types.output.core.v1.LifecycleHandler> | undefined)?.exec?.command ?? [];
}

/** Runs the container as a kubelet does, until its hooks and probes are content; then kills it. */
async function live(pod: PlayedPod, container: Container): Promise<void> {
  const command = commandOf(container);
  const before = pod.called();
  const child = command.length === 0 ? undefined : pod.start(container, command);
  const ending = child === undefined ? undefined : ended(child);
  try {
    if (ending !== undefined) await begins(pod, ending, before);
    await attend(pod, container);
  } finally {
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ending;
  }
}

/** Waits for the first call of a program of the image, or for an end that is none of a failure. */
async function begins(pod: PlayedPod, ending: Promise<Ended>, before: number): Promise<void> {
  let end: Ended | undefined;
  void ending.then((each) => (end = each));
  while (end === undefined && pod.called() === before) await pause(5);
  assert.equal(end?.code ?? 0, 0, end?.errors);
}

async function attend(pod: PlayedPod, container: Container): Promise<void> {
  const { lifecycle, startupProbe, readinessProbe, livenessProbe } = container as Optional<Container>;
  const { postStart, preStop } = (lifecycle ?? {}) as Optional<types.output.core.v1.Lifecycle>;
  await succeeds(pod, container, execOf(postStart));
  for (const probe of [startupProbe, readinessProbe, livenessProbe]) await becomesContent(pod, container, execOf(probe));
  await succeeds(pod, container, execOf(preStop));
}

async function succeeds(pod: PlayedPod, container: Container, command: readonly string[]): Promise<void> {
  if (command.length === 0) return;
  const { code, errors } = await pod.run(container, command);
  assert.equal(code, 0, `${command.join(" ")}: ${errors}`);
}

async function becomesContent(pod: PlayedPod, container: Container, probe: readonly string[]): Promise<void> {
  while (probe.length > 0 && (await pod.run(container, probe)).code !== 0) await pause(20);
}

/** Kills the container's command and hook at some moment of their beginning. */
async function interrupt(pod: PlayedPod, container: Container, milliseconds: number): Promise<void> {
  const { lifecycle } = container as Optional<Container>;
  const commands = [commandOf(container), execOf((lifecycle as Optional<types.output.core.v1.Lifecycle> | undefined)?.postStart)];
  for (const command of commands.filter(({ length }) => length > 0)) {
    const child = pod.start(container, command);
    const end = ended(child);
    await pause(milliseconds);
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await end;
  }
}

async function startsAgain(pod: PlayedPod, container: Container): Promise<void> {
  for (const moment of [0, 5, 20]) {
    await interrupt(pod, container, moment);
    await live(pod, container);
    pod.exchange();
  }
}

const programs: Readonly<Record<string, () => Promise<readonly Made[]>>> = {
  dev: () => shippedResources("dev"),
  prod: () => shippedResources("prod"),
  "parts of Geocube that neither has": async () => {
    const { resources } = await geocube({ ...unscaled, downloader, messaging: emulator });
    return resources.map(({ inputs, ...rest }) => ({ ...rest, props: inputs }));
  },
};

describe("the containers of a stack", () => {
  for (const [stack, program] of Object.entries(programs))
    it(`start again in one pod, killed at any moment, while their Secrets change: ${stack}`, async () => {
      const resources = await program();
      const pods = resources.filter(({ type }) => type.startsWith("kubernetes:")).flatMap(podSpecs);
      assert.ok(pods.length >= 4, `only ${pods.length} pods`);
      const failures: string[] = [];
      for (const { name, spec } of pods) {
        const pod = new PlayedPod(spec, contentsOf(resources));
        for (const container of [...((spec.initContainers as Container[] | undefined) ?? []), ...spec.containers])
          await startsAgain(pod, container).catch((error: unknown) => {
            failures.push(`${name}, container ${container.name}: ${String(error)}`);
          });
        pod.dispose();
      }
      assert.deepEqual(failures, []);
    });
});
