import * as pulumi from "@pulumi/pulumi";
import type { DatashimArgs } from "./datashim";
import { isBefore, OLDEST_DATASHIM_VERSION } from "./datashimVersion";

type PropertyError = pulumi.InputPropertyErrorDetails;

/**
 * Holds the arguments against what Datashim can be installed with.
 * @throws pulumi.InputPropertiesError that names every bad argument
 */
export function checkDatashim(name: string, args: DatashimArgs): void {
  if (!args.install) return;
  const errors = [...typeErrors(args), ...versionErrors(args), ...operatorErrors(args), ...webhookErrors(args)];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
}

function typeErrors({ types }: DatashimArgs): PropertyError[] {
  if (types.length > 0) return [];
  return [{ propertyPath: "types", reason: "empty, but a Dataset leads to something: name COS, NFS or both" }];
}

function versionErrors({ version }: DatashimArgs): PropertyError[] {
  if (version === undefined || !isBefore(version, OLDEST_DATASHIM_VERSION)) return [];
  const reason = `${version} has another API group than ${OLDEST_DATASHIM_VERSION} and newer: leave it out, or set install: false`;
  return [{ propertyPath: "version", reason }];
}

function operatorErrors({ operator: { image, runAsUser } }: DatashimArgs): PropertyError[] {
  const pinned = /@sha256:|:(?!latest$)[\w][-.\w]*$/.test(image);
  const numbered = Number.isInteger(runAsUser) && runAsUser > 0;
  return [
    ...(pinned ? [] : [{ propertyPath: "operator.image", reason: `${JSON.stringify(image)} is not pinned: add its version or digest` }]),
    ...(numbered ? [] : [{ propertyPath: "operator.runAsUser", reason: `${runAsUser} is not a whole number above 0: name another user` }]),
  ];
}

function webhookErrors({ webhook }: DatashimArgs): PropertyError[] {
  if (webhook === undefined || (webhook.timeoutSeconds >= 1 && webhook.timeoutSeconds <= 30)) return [];
  const reason = `${webhook.timeoutSeconds} is not within the API server's 1 to 30: write 10, for example`;
  return [{ propertyPath: "webhook.timeoutSeconds", reason }];
}
