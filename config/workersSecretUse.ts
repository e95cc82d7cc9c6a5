import type { Problem } from "./problem";
import type { RawConfig } from "./rawConfig";
import type { SecretKey } from "./secretKeys";

/** The section that a secret belongs to. */
export interface SecretOwner {
  /** E.g. `workers.registry`. */
  readonly path: string;
  readonly present: boolean;
  /** Whether other problems leave open if it was meant. */
  readonly unsure: boolean;
}

/** A secret that is none, or that nothing uses. @param setIt the command that sets it */
export function secretUse(raw: RawConfig, key: SecretKey, { path, present, unsure }: SecretOwner, setIt: string): Problem[] {
  if (raw.secrets[key] === undefined) return [];
  if (!raw.secretKeys.has(key)) {
    return [{ path: key, found: "plain text", allowed: "a secret", wayOut: `remove it from the stack's file, then: ${setIt}` }];
  }
  if (present || unsure) return [];
  const wayOut = `pulumi config rm trustplane:${key}, or set ${path}`;
  return [{ path: key, found: "a secret that nothing uses", allowed: `none where there is no ${path}`, wayOut }];
}
