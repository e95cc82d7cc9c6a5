import { isObject } from "../../server/values";
import type { Json, JsonObject } from "../../server/provider";
import { mapKeys, textAt, without } from "../fields";

/** Inputs that are off unless they are set, and the flag of `helm install` and `helm upgrade` that each is; undefined: the stand-in does not know it. */
const switches: Readonly<Record<string, { readonly install?: string; readonly upgrade?: string } | undefined>> = {
  allowNullValues: undefined,
  atomic: { install: "--atomic", upgrade: "--atomic" },
  cleanupOnFail: { upgrade: "--cleanup-on-fail" },
  createNamespace: { install: "--create-namespace" },
  dependencyUpdate: { install: "--dependency-update", upgrade: "--dependency-update" },
  devel: undefined,
  disableCRDHooks: undefined,
  disableOpenapiValidation: undefined,
  disableWebhooks: undefined,
  forceUpdate: { upgrade: "--force" },
  lint: undefined,
  recreatePods: undefined,
  renderSubchartNotes: undefined,
  replace: undefined,
  resetValues: undefined,
  reuseValues: undefined,
  skipAwait: {},
  skipCrds: { install: "--skip-crds", upgrade: "--skip-crds" },
  verify: undefined,
  waitForJobs: { install: "--wait-for-jobs", upgrade: "--wait-for-jobs" },
};
const texts = ["chart", "description", "keyring", "name", "namespace", "postrender", "version"];
const repository = ["caFile", "certFile", "keyFile", "password", "repo", "username"];
const known = ["chart", "name", "namespace", "repositoryOpts", "timeout", "values", "version"];
const defaultTimeoutSeconds = 300;

/** A release's inputs as the official plugin keeps them in the state: each one, with its default. @throws Error for one that the stand-in does not know */
export function fullInputs(given: JsonObject, name: string, namespace: string): JsonObject {
  const set = without(
    mapKeys(given, (key, value) => (value === null ? undefined : key)),
    "compat",
  );
  refuseForeign(set);
  const timeout = set.skipAwait === true ? 0 : defaultTimeoutSeconds;
  const full = { ...each(Object.keys(switches), false), ...each(texts, ""), timeout, values: {}, ...set, name };
  const repo: JsonObject = isObject(set.repositoryOpts) ? { repositoryOpts: { ...each(repository, ""), ...set.repositoryOpts } } : {};
  return { ...full, ...repo, namespace: textAt(set, "namespace") === "" ? namespace : textAt(set, "namespace") };
}

function each(keys: readonly string[], value: Json): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

function refuseForeign(set: JsonObject): void {
  const isKnown = (key: string): boolean => known.includes(key) || switches[key] !== undefined;
  const foreign = Object.keys(set).filter((key) => set[key] !== false && set[key] !== "" && !isKnown(key));
  const login = repository.filter((key) => key !== "repo" && textAt(set, "repositoryOpts", key) !== "");
  if (foreign.length + login.length === 0) return;
  throw new Error(`the stand-in for helm.sh/v3:Release does not know ${[...foreign, ...login].join(", ")}; the official plugin does`);
}

/** The arguments that name the chart: a folder or an archive, one of a registry, or one of a repository. */
export function chartArguments(inputs: JsonObject): readonly string[] {
  const [repo, version] = [textAt(inputs, "repositoryOpts", "repo"), textAt(inputs, "version")];
  const inRegistry = repo.startsWith("oci://");
  return [
    `${inRegistry ? `${repo}/` : ""}${textAt(inputs, "chart")}`,
    ...(repo === "" || inRegistry ? [] : ["--repo", repo]),
    ...(version === "" ? [] : ["--version", version]),
  ];
}

/** The flags with which a release is made or changed. */
export function releaseFlags(inputs: JsonObject, command: "install" | "upgrade"): readonly string[] {
  const chosen = Object.entries(switches).flatMap(([key, flags]) => (inputs[key] === true ? (flags?.[command] ?? []) : []));
  return [...chosen, ...waitFlags(inputs)];
}

/** Whether, and how long, helm waits for the objects. */
export function waitFlags(inputs: JsonObject): readonly string[] {
  const waits = inputs.skipAwait !== true || inputs.atomic === true;
  const seconds = typeof inputs.timeout === "number" && inputs.timeout > 0 ? inputs.timeout : defaultTimeoutSeconds;
  return waits ? ["--wait", "--timeout", `${seconds.toString()}s`] : [];
}

/** The values of a release. */
export function valuesOf(inputs: JsonObject): JsonObject {
  return isObject(inputs.values) ? inputs.values : {};
}
