import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { keepStrayRejections } from "./strayRejections";

/** One registration, as a component made it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly urn: string;
  readonly protect: boolean;
  /** Logical names of what it is told to wait for. */
  readonly dependsOn: readonly string[];
  /** Logical names of what its inputs come from. */
  readonly reads: readonly string[];
  /** By input, the URNs of what it comes from. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** What a program under test registered. */
export interface Deployment<T> {
  readonly resources: readonly Registered[];
  readonly result: T;
  /** The one resource of that logical name. Throws when there is none. */
  readonly get: (name: string) => Registered;
}

/** Outputs that the provider would add to a resource's inputs, by type token. An unlisted type is an error. */
export type Outputs = Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;

type Options = pulumi.CustomResourceOptions & pulumi.ComponentResourceOptions;

/** The SDK leaves it out of its types: waits until no registration is under way. */
const runtime = pulumi.runtime as unknown as { readonly waitForRPCs: () => Promise<void> };

/**
 * Runs `program` on mocks that refuse an unknown resource type, an unknown call and a second resource of one URN. Rejects with what an input
 * of a resource, or what it depends on, has failed with, and with an error that nobody awaits.
 */
export async function deploy<T>(program: () => T | Promise<T>, outputs: Outputs = {}): Promise<Deployment<T>> {
  const strays = keepStrayRejections();
  let deployment: Deployment<T>;
  try {
    deployment = await registered(program, outputs);
    await runtime.waitForRPCs();
  } finally {
    // Node tells of stray errors only then
    await setImmediate();
    strays.end();
  }
  if (strays.seen.length > 0) throw strays.seen[0];
  return deployment;
}

async function registered<T>(program: () => T | Promise<T>, outputs: Outputs): Promise<Deployment<T>> {
  const seen = new Map<string, Registered>();
  const problems: string[] = [];
  const pending: Promise<void>[] = [];
  await pulumi.runtime.setMocks(mocks(outputs, problems), "trustplane", "test", false, "organization");
  let result: T | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ type, name, props, opts, resource }) => {
      pending.push(record(seen, problems, { type, name, props, opts, resource }));
      return undefined;
    });
    result = await program();
  });
  for (let next = pending.shift(); next; next = pending.shift()) await next;
  return finish(result as T, seen, problems);
}

interface Registration {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly opts: Options;
  readonly resource: pulumi.Resource;
}

async function record(seen: Map<string, Registered>, problems: string[], registration: Registration): Promise<void> {
  const { type, name, props, opts, resource } = registration;
  await Promise.resolve();
  // before the URN, which never comes where one of these has failed
  const given = pulumi.output(props);
  const inputs = (await resolved(given)) as Record<string, unknown>;
  const dependsOn = await dependencyNames(opts.dependsOn);
  const urn = await resolved(resource.urn);
  if (seen.has(urn)) problems.push(`two resources have the URN ${urn}`);
  const reads = await dependencyNames([...(await allResources(given))]);
  seen.set(urn, { type, name, inputs, urn, protect: opts.protect === true, dependsOn, reads, sources: await sourcesOf(props) });
}

async function sourcesOf(props: Record<string, unknown>): Promise<Record<string, readonly string[]>> {
  const entries = Object.entries(props).map(async ([key, value]) => {
    const resources = [...(await allResources(pulumi.output(value)))];
    return [key, await Promise.all(resources.map((resource) => resolved(resource.urn)))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function finish<T>(result: T, seen: Map<string, Registered>, problems: readonly string[]): Deployment<T> {
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const resources = [...seen.values()];
  const get = (name: string): Registered => {
    const found = resources.find((resource) => resource.name === name);
    if (!found) throw new Error(`no resource ${name}; there are ${resources.map((resource) => resource.name).join(", ")}`);
    return found;
  };
  return { resources, result, get };
}

function mocks(outputs: Outputs, problems: string[]): pulumi.runtime.Mocks {
  return {
    newResource({ type, name, inputs, custom }) {
      const known = outputs[type];
      if (custom && !known) problems.push(`unknown resource type ${type} (${name})`);
      const state = { ...(inputs as Record<string, unknown>), ...known?.(inputs as Record<string, unknown>) };
      return { id: custom ? `${name}-${randomUUID()}` : undefined, state };
    },
    call({ token }) {
      throw new Error(`unknown call ${token}`);
    },
  };
}

/** An Output's value; secrets are unwrapped, because tests assert on them. Rejects with what it failed with. */
export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    pulumi.recover(output.apply(resolve), reject);
  });
}

/** As the SDK itself asks for them; it does not declare the method. */
function allResources(output: pulumi.Output<unknown>): Promise<ReadonlySet<pulumi.Resource>> {
  return (output as unknown as { allResources: () => Promise<ReadonlySet<pulumi.Resource>> }).allResources();
}

async function dependencyNames(dependsOn: Options["dependsOn"]): Promise<readonly string[]> {
  const list = await resolved(pulumi.output(dependsOn as pulumi.Input<pulumi.Resource | pulumi.Resource[] | undefined>));
  const resources = list === undefined ? [] : Array.isArray(list) ? list : [list];
  const urns = await Promise.all(resources.map((resource) => resolved(resource.urn)));
  return urns.map((urn) => urn.split("::").pop() ?? urn);
}
