import { z } from "zod";
import { quantity } from "./quantity";

/** A numeric user or group; the most that Linux knows. */
export const userId = z.int().min(1).max(2_147_483_647);

/** The user of a pod at the level *restricted*. */
export const restrictedUser = userId.meta({ rule: "Pod Security's level restricted forbids root" });

/** A level of Pod Security; @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurityLevel = z.enum(["privileged", "baseline", "restricted"]);

/** Requests and limits of a container. */
export function containerResources(requests: Readonly<Record<string, string>>, limits: Readonly<Record<string, string>>) {
  const amounts = z.strictObject({ cpu: quantity.optional(), memory: quantity.optional(), "ephemeral-storage": quantity.optional() });
  return z.strictObject({ requests: amounts.default(requests), limits: amounts.default(limits) }).prefault({});
}
