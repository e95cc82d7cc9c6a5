import type { Json, JsonObject } from "../../server/provider";
import { isObject, isUnknown, secret, isSecret, unwrap } from "../../server/values";
import { releaseValues } from "./releaseValues";

const FLAGS = [
  "allowNullValues",
  "atomic",
  "cleanupOnFail",
  "createNamespace",
  "dependencyUpdate",
  "devel",
  "disableCRDHooks",
  "disableOpenapiValidation",
  "disableWebhooks",
  "forceUpdate",
  "lint",
  "recreatePods",
  "renderSubchartNotes",
  "replace",
  "resetValues",
  "reuseValues",
  "skipAwait",
  "skipCrds",
  "verify",
  "waitForJobs",
] as const;
const TEXTS = ["chart", "description", "keyring", "name", "namespace", "postrender", "version"] as const;
const REPOSITORY = ["caFile", "certFile", "keyFile", "password", "repo", "username"] as const;

/** @default 300 seconds, as of Helm */
export const DEFAULT_TIMEOUT_SECONDS = 300;

/**
 * A release's inputs in the form in which the state keeps them: every known input, with its default; secrets and unknown values stay so.
 * @throws Error when the values cannot be read.
 */
export async function fullInputs(given: JsonObject, name: string, defaultNamespace: string): Promise<JsonObject> {
  const inputs: Record<string, Json> = {};
  for (const key of FLAGS) inputs[key] = given[key] ?? false;
  for (const key of TEXTS) inputs[key] = given[key] ?? "";
  inputs.name = name;
  if (inputs.namespace === "") inputs.namespace = defaultNamespace;
  if (inputs.verify === true && inputs.keyring === "") inputs.keyring = `${process.env.HOME ?? ""}/.gnupg/pubring.gpg`;
  inputs.timeout = given.timeout ?? (inputs.skipAwait === true ? 0 : DEFAULT_TIMEOUT_SECONDS);
  inputs.values = isUnknown(given.values) && given.values !== undefined ? given.values : await releaseValues(given);
  if (given.maxHistory !== undefined && given.maxHistory !== null) inputs.maxHistory = given.maxHistory;
  if (given.repositoryOpts !== undefined && given.repositoryOpts !== null) inputs.repositoryOpts = fullRepository(given.repositoryOpts);
  return inputs;
}

function fullRepository(given: Json): Json {
  const plain = isSecret(given) ? unwrap(given) : given;
  if (!isObject(plain)) return given;
  const full = Object.fromEntries(REPOSITORY.map((key) => [key, plain[key] ?? ""]));
  return isSecret(given) ? secret(full) : full;
}

/** Whether a plain input is set. */
export function flag(inputs: JsonObject, name: (typeof FLAGS)[number]): boolean {
  return inputs[name] === true;
}

/** A plain text input; empty when it is not set. */
export function text(inputs: JsonObject, name: (typeof TEXTS)[number]): string {
  const value = inputs[name];
  return typeof value === "string" ? value.trim() : "";
}

/** Helm's `--timeout`. */
export function timeoutFlag(inputs: JsonObject): string {
  const seconds = typeof inputs.timeout === "number" && inputs.timeout > 0 ? inputs.timeout : DEFAULT_TIMEOUT_SECONDS;
  return `${seconds.toString()}s`;
}

/** A plain part of `repositoryOpts`; empty when it is not set. */
export function repositoryText(inputs: JsonObject, name: (typeof REPOSITORY)[number]): string {
  const value = isObject(inputs.repositoryOpts) ? inputs.repositoryOpts[name] : undefined;
  return typeof value === "string" ? value.trim() : "";
}
