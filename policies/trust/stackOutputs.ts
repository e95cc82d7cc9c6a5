import { credentialIn, isCredentialName } from "../credentials";

/** An output as the Automation API gives it. */
export interface StackOutput {
  readonly value: unknown;
  readonly secret: boolean;
}

function below(path: string, key: string, value: unknown): readonly string[] {
  if (typeof value === "string") return credentialIn(value) !== undefined || (isCredentialName(key) && value !== "") ? [path] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, each]) => below(`${path}.${name}`, name, each));
}

/**
 * Paths of credentials in stack outputs that are not secret. Packs cannot ask this: the SDK takes the mark off before they see a value.
 * @returns sorted paths, `registryPasswords.ci`; never a value
 */
export function plainSecrets(outputs: Readonly<Record<string, StackOutput>>): readonly string[] {
  return Object.entries(outputs)
    .filter(([, { secret }]) => !secret)
    .flatMap(([name, { value }]) => below(name, name, value))
    .sort();
}
