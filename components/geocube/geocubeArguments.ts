import * as pulumi from "@pulumi/pulumi";
import type { AutoscalerArgs } from "./autoscaler";
import { connectionsNeeded } from "./connections";
import type { GeocubeArgs } from "./geocube";
import type { MeasuredMessaging } from "./messaging";

type PropertyError = pulumi.InputPropertyErrorDetails;

/** The autoscaler with the messaging whose backlog it reads. */
export interface MeasuredAutoscaler {
  readonly args: AutoscalerArgs;
  readonly messaging: MeasuredMessaging;
}

/**
 * The autoscaler, where there is one.
 * @throws pulumi.InputPropertiesError that names every bad argument
 */
export function checkedAutoscaler(name: string, args: GeocubeArgs): MeasuredAutoscaler | undefined {
  const { autoscaler, messaging } = args;
  const blind = autoscaler !== undefined && messaging.type === "pubsubEmulator";
  const errors = [...(blind ? [blindAutoscaler] : []), ...imageErrors(args), ...ratioErrors(autoscaler), ...connectionErrors(args)];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
  return autoscaler === undefined || messaging.type === "pubsubEmulator" ? undefined : { args: autoscaler, messaging };
}

/** Why an emulator and the autoscaler do not go together. */
export const BLIND_AUTOSCALER = "the autoscaler reads Pub/Sub's backlog from Cloud Monitoring, which knows nothing of an emulator's";

const blindAutoscaler: PropertyError = {
  propertyPath: "autoscaler",
  reason: `given beside messaging pubsubEmulator: ${BLIND_AUTOSCALER}; leave it out and set consolidater.replicas, or choose pgqueue`,
};

function imageErrors(args: GeocubeArgs): PropertyError[] {
  const { apiserver, consolidater, autoscaler, downloader } = args;
  return Object.entries({ apiserver, consolidater, autoscaler, downloader })
    .filter(([, part]) => part?.image === "")
    .map(([part]) => ({ propertyPath: `${part}.image`, reason: "empty: build it from upstream's sources and name it with its version" }));
}

/** Outside of these the program panics, or the number of workers never settles. */
function ratioErrors(autoscaler: AutoscalerArgs | undefined): PropertyError[] {
  if (autoscaler === undefined) return [];
  const { ratio, minRatio, step, max, min } = autoscaler;
  const rules = {
    ratio: [ratio >= 1, "1 or more"],
    minRatio: [minRatio >= 0 && minRatio <= ratio, "from 0 to ratio"],
    step: [step >= 1, "1 or more"],
    min: [min >= 0 && min <= max, "from 0 to max"],
  } as const;
  return Object.entries(rules)
    .filter(([, [fits]]) => !fits)
    .map(([key, [, allowed]]) => ({ propertyPath: `autoscaler.${key}`, reason: `not ${allowed}` }));
}

function connectionErrors({ messaging, apiserver, consolidater, autoscaler, database }: GeocubeArgs): PropertyError[] {
  const workers = consolidater.replicas + (autoscaler?.max ?? 0);
  const { sum, text } = connectionsNeeded({ messaging, apiservers: apiserver.replicas, workers, autoscaler: autoscaler !== undefined });
  if (sum <= database.maxConnections) return [];
  const reason = `${text}, more than the database's ${database.maxConnections} connections: lower it, or raise max_connections`;
  return [{ propertyPath: autoscaler === undefined ? "consolidater.replicas" : "autoscaler.max", reason }];
}
