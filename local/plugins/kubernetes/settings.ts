import { unwrap } from "../server/values";
import type { Json, JsonObject } from "../server/provider";

/** A provider's inputs, with the official provider's defaults and environment variables. */
export interface Settings {
  /** Text or path of a kubeconfig; undefined: the environment's. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  /** Where objects without a namespace go; undefined: the context's. */
  readonly namespace: string | undefined;
  /** @default true */
  readonly serverSideApply: boolean;
  /** Changes of data change the object instead of replacing it. @default false */
  readonly mutable: { readonly configMaps: boolean; readonly secrets: boolean };
  /** Forget what an unreachable cluster held. @default false */
  readonly deleteUnreachable: boolean;
  /** Leave resources of an unreachable cluster as they are. @default false */
  readonly skipUpdateUnreachable: boolean;
  /** An apply takes fields from other managers. @default false */
  readonly patchForce: boolean;
  /** Create takes over an object that exists. @default false */
  readonly upsert: boolean;
}

/** Reads a provider's inputs. Secrets among them are read as their values. */
export function readSettings(variables: JsonObject, environment: NodeJS.ProcessEnv = process.env): Settings {
  const inputs = unwrap(variables);
  const flag = (name: string, variable: string, otherwise: boolean): boolean => {
    const value = inputs[name] ?? environment[`PULUMI_K8S_${variable}`];
    return value === undefined ? otherwise : value === true || value === "true";
  };
  return {
    kubeconfig: kubeconfigText(inputs.kubeconfig),
    context: text(inputs.context),
    cluster: text(inputs.cluster),
    namespace: text(inputs.namespace),
    serverSideApply: flag("enableServerSideApply", "ENABLE_SERVER_SIDE_APPLY", true),
    mutable: {
      configMaps: flag("enableConfigMapMutable", "ENABLE_CONFIGMAP_MUTABLE", false),
      secrets: flag("enableSecretMutable", "ENABLE_SECRET_MUTABLE", false),
    },
    deleteUnreachable: flag("deleteUnreachable", "DELETE_UNREACHABLE", false),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "SKIP_UPDATE_UNREACHABLE", false),
    patchForce: flag("enablePatchForce", "ENABLE_PATCH_FORCE", false),
    upsert: flag("upsertExistingObjects", "UPSERT_EXISTING_OBJECTS", false),
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A kubeconfig may be given as an object; JSON is YAML. */
export function kubeconfigText(value: Json | undefined): string | undefined {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : text(value);
}
