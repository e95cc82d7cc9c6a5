import type { StackConfig } from "./readConfig";

/** Whether a stack has dynamic resources; what runs them is a process of its own in every operation. */
export function needsDynamicProviders({ plexus, geocube }: Pick<StackConfig, "plexus" | "geocube">): boolean {
  const signed = plexus?.tenants.some(({ credential }) => credential.type === "certificateSigningRequest") ?? false;
  return signed || geocube !== undefined;
}
