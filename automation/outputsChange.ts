import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { type Deployment, stackOutputs } from "./deployment";

/** What the SDK's declarations leave out: an output's value where every part of it is known. */
interface Resolvable {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

/**
 * Whether a program's outputs, as it returned them to a preview without changes, are others than the state has. The engine's events
 * hide secret values, so that they cannot tell.
 */
export async function outputsChange(returned: pulumi.Output<unknown>, before: Deployment): Promise<boolean> {
  const resolvable = returned as unknown as Resolvable;
  if (!(await resolvable.isKnown)) return true;
  const outputs = JSON.parse(JSON.stringify((await resolvable.promise()) ?? {})) as unknown;
  return !isDeepStrictEqual(outputs, stackOutputs(before, true) ?? {});
}
