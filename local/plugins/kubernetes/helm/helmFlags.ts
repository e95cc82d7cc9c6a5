import type { JsonObject } from "../../server/provider";
import { flag, text, timeoutFlag } from "./releaseInputs";

type FlagName = Parameters<typeof flag>[1];

const INSTALL: readonly (readonly [FlagName, string])[] = [
  ["atomic", "--atomic"],
  ["createNamespace", "--create-namespace"],
  ["dependencyUpdate", "--dependency-update"],
  ["disableOpenapiValidation", "--disable-openapi-validation"],
  ["disableWebhooks", "--no-hooks"],
  ["renderSubchartNotes", "--render-subchart-notes"],
  ["replace", "--replace"],
  ["skipCrds", "--skip-crds"],
];

const UPGRADE: readonly (readonly [FlagName, string])[] = [
  ["atomic", "--atomic"],
  ["cleanupOnFail", "--cleanup-on-fail"],
  ["disableCRDHooks", "--no-hooks"],
  ["forceUpdate", "--force"],
  ["recreatePods", "--recreate-pods"],
  ["renderSubchartNotes", "--render-subchart-notes"],
  ["resetValues", "--reset-values"],
  ["reuseValues", "--reuse-values"],
];

/** The flags of `helm install`, as the official provider sets their like. @param inputs without secret marks */
export function installFlags(inputs: JsonObject): readonly string[] {
  return [...chosen(inputs, INSTALL), ...common(inputs)];
}

/** The flags of `helm upgrade`. @param inputs without secret marks */
export function upgradeFlags(inputs: JsonObject): readonly string[] {
  const history = typeof inputs.maxHistory === "number" ? inputs.maxHistory : 0;
  return [...chosen(inputs, UPGRADE), "--history-max", history.toString(), ...common(inputs)];
}

/** The flags of `helm uninstall`. @param inputs without secret marks */
export function uninstallFlags(inputs: JsonObject): readonly string[] {
  const waits = flag(inputs, "atomic") || !flag(inputs, "skipAwait");
  return waits ? ["--wait", "--timeout", timeoutFlag(inputs)] : [];
}

function chosen(inputs: JsonObject, flags: readonly (readonly [FlagName, string])[]): readonly string[] {
  return flags.filter(([name]) => flag(inputs, name)).map(([, argument]) => argument);
}

function common(inputs: JsonObject): readonly string[] {
  const awaits = !flag(inputs, "skipAwait");
  const description = text(inputs, "description");
  const postrender = text(inputs, "postrender");
  return [
    "--output=json",
    "--timeout",
    timeoutFlag(inputs),
    ...(awaits ? ["--wait"] : []),
    ...(awaits && flag(inputs, "waitForJobs") ? ["--wait-for-jobs"] : []),
    ...(description === "" ? [] : ["--description", description]),
    ...(postrender === "" ? [] : ["--post-renderer", postrender]),
  ];
}
