import type { JsonObject } from "../../server/provider";
import { UNKNOWN, isObject, isSecret, secret, unwrap } from "../../server/values";
import { markSecrets } from "../secretMarks";
import type { ReleaseRecord } from "./releaseRecord";
import { mergeValues, withoutNulls } from "./releaseValues";

/** The outputs of a release: its inputs, what helm made of them, and the inputs once more (as a secret) under `__inputs`. */
export function releaseOutputs(inputs: JsonObject, release: ReleaseRecord): JsonObject {
  const values = valuesIn(inputs);
  const kept = inputs.allowNullValues === true ? mergeValues(values, release.values) : withoutNulls(mergeValues(values, release.values));
  const outputs = { ...unwrap(inputs), values: kept, version: release.chart.version };
  return { ...markSecrets(outputs, inputs), resourceNames: release.resourceNames, status: statusOf(release), __inputs: secret(inputs) };
}

/** The outputs in a preview: what helm will make of the inputs is unknown. */
export function previewedOutputs(inputs: JsonObject): JsonObject {
  return { ...inputs, resourceNames: UNKNOWN, status: UNKNOWN, __inputs: secret(inputs) };
}

/** The inputs that a release's state was made of; `undefined` when it holds none. */
export function stateInputs(state: JsonObject): JsonObject | undefined {
  const kept = state.__inputs;
  if (!isObject(kept)) return undefined;
  const inner = isSecret(kept) ? kept.value : kept;
  return isObject(inner) ? inner : undefined;
}

function valuesIn(inputs: JsonObject): JsonObject {
  const values = unwrap(inputs.values ?? null);
  return isObject(values) ? values : {};
}

function statusOf(release: ReleaseRecord): JsonObject {
  return {
    appVersion: release.chart.appVersion,
    chart: release.chart.name,
    name: release.name,
    namespace: release.namespace,
    revision: release.revision,
    status: release.status,
    version: release.chart.version,
  };
}
