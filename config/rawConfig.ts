import * as pulumi from "@pulumi/pulumi";
import { CERTIFICATE_AUTHORITY_KEY } from "./certificateAuthorityKey";

const NAMESPACE = "trustplane:";

/** The configuration of this project as the engine hands it over. */
export interface RawConfig {
  /** Every key but the secrets of their own, with its value read as JSON where it is that. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** The CA's key in plain text, where it is set. Never printed. */
  readonly certificateAuthorityKey?: string;
  /** Keys whose value, or a part of it, is encrypted in the stack's file. */
  readonly secretKeys: ReadonlySet<string>;
}

/** Takes the keys of this project out of the program's configuration. */
export function rawConfig(): RawConfig {
  const own = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(NAMESPACE));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(NAMESPACE.length), value]));
  const { [CERTIFICATE_AUTHORITY_KEY]: certificateAuthorityKey, ...sections } = values;
  return {
    sections: Object.fromEntries(Object.entries(sections).map(([key, value]) => [key, fromJson(value)])),
    certificateAuthorityKey,
    secretKeys: new Set(Object.keys(values).filter((key) => isSecret(NAMESPACE + key))),
  };
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
