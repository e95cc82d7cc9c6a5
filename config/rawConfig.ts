import * as pulumi from "@pulumi/pulumi";
import { SECRET_KEYS, type Secrets } from "./secretKeys";

const NAMESPACE = "trustplane:";

/** The configuration of this project as the engine hands it over. */
export interface RawConfig {
  /** Every key but the secrets of their own, with its value read as JSON where it is that. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly secrets: Secrets;
  /** Keys whose value, or a part of it, is encrypted in the stack's file. */
  readonly secretKeys: ReadonlySet<string>;
}

/** Takes the keys of this project out of the program's configuration. */
export function rawConfig(): RawConfig {
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(NAMESPACE));
  const values = own.map(([key, value]) => [key.slice(NAMESPACE.length), value] as const);
  const sections = values.filter(([key]) => !isSecretKey(key));
  return {
    sections: Object.fromEntries(sections.map(([key, value]) => [key, fromJson(value)])),
    secrets: Object.fromEntries(values.filter(([key]) => isSecretKey(key))),
    secretKeys: new Set(values.map(([key]) => key).filter((key) => isSecret(NAMESPACE + key))),
  };
}

function isSecretKey(key: string): boolean {
  return (SECRET_KEYS as readonly string[]).includes(key);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The SDK knows which keys are secret, and leaves the function that tells out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) ?? true;
}
