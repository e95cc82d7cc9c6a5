import type { Tools } from "../local/toolchain/ensureTools";

/** What a round starts itself. */
export type BenchTools = Tools<"kubectl" | "helm" | "pulumi">;
