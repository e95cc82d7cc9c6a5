import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { readConfig, type StackConfig } from "../../config/readConfig";
import { programRuns } from "../registrationGuard";
import { projectName } from "../stackFiles";
import { configValues } from "./configValues";
import { chartRelease, type ChartRelease, plannedObject, type PlannedObject } from "./plannedObject";

/** What a stack's program would make, found out without engine, state or cluster. */
export interface Program {
  /** Objects of Kubernetes that it registers itself. */
  readonly objects: readonly PlannedObject[];
  /** Helm releases, whose objects are in their charts. */
  readonly releases: readonly ChartRelease[];
}

type Main = () => Promise<unknown>;

/** The SDK leaves it out of its types: waits until no registration is under way, nor one that waits for another. */
const runtime = pulumi.runtime as unknown as { readonly waitForRPCs: () => Promise<void> };

/**
 * A stack's configuration as its program reads it.
 * @throws ConfigError that names every problem
 */
export async function readStackConfig(root: string, stack: string): Promise<StackConfig> {
  const { values, secretKeys } = await configValues(root, stack);
  pulumi.runtime.setAllConfig({ ...values }, [...secretKeys]);
  await pulumi.runtime.setMocks(mocks([]), projectName(root), stack, true, "organization");
  return readConfig();
}

/** Runs the program, whose configuration has been read, as a first preview would, with everything unknown that only a provider knows. */
export async function readProgram(root: string, stack: string): Promise<Program> {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(mocks(registered), projectName(root), stack, true, "organization");
  const { default: main } = (await import(path.join(root, "index"))) as { default: Main };
  await withoutPreflight(() =>
    orStrayError(async () => {
      await pulumi.runtime.runInPulumiStack(main);
      await runtime.waitForRPCs();
      // Node tells of stray errors only then
      await setImmediate();
    }),
  );
  return {
    objects: registered.flatMap((each) => plannedObject(each) ?? []),
    releases: registered.flatMap((each) => chartRelease(each) ?? []),
  };
}

function mocks(registered: pulumi.runtime.MockResourceArgs[]): pulumi.runtime.Mocks {
  return {
    newResource: (args) => {
      registered.push(args);
      return { id: `${args.name}-id`, state: args.inputs as Record<string, unknown> };
    },
    call: ({ token }) => {
      throw new Error(`the program calls ${token}, which nobody answers here`);
    },
  };
}

/** The doctor looks at the cluster itself, and tells of all its faults. */
async function withoutPreflight<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.TRUSTPLANE_PREFLIGHT;
  process.env.TRUSTPLANE_PREFLIGHT = "off";
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.TRUSTPLANE_PREFLIGHT;
    else process.env.TRUSTPLANE_PREFLIGHT = before;
  }
}

/** An error of an `apply` that nobody awaits would else end the process, or leave the program waiting for ever. */
async function orStrayError<T>(work: () => Promise<T>): Promise<T> {
  let stray: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    stray = (error) => {
      reject(error instanceof Error ? error : new Error(String(error)));
    };
  });
  process.on("unhandledRejection", stray);
  programRuns.running++;
  try {
    return await Promise.race([work(), failed]);
  } finally {
    programRuns.running--;
    process.off("unhandledRejection", stray);
  }
}
