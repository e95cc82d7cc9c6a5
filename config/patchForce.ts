/**
 * The variable by which version 4.25 of the Kubernetes plugin, which knows no option `enablePatchForce`, takes fields from other managers. The
 * provider `cluster` reads it under a name of this project's own, so that the other providers do not.
 */
export const patchForceMapping: Readonly<Record<string, string>> = { TRUSTPLANE_PATCH_FORCE: "PULUMI_K8S_ENABLE_PATCH_FORCE" };

/** What sets it in the engine's environment; later versions go by the option, and lose nothing by it. */
export const patchForceEnvironment: Readonly<Record<string, string>> = { TRUSTPLANE_PATCH_FORCE: "true" };
