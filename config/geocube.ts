import * as pulumi from "@pulumi/pulumi";
import type { GeocubeArgs } from "../components/geocube/geocube";
import { resolveDatabase } from "./geocubeDatabase";
import type { GivenGeocube } from "./geocubeSchema";
import { pinnedImage } from "./image";
import { NGINX_IMAGE } from "./sharedImages";

/** Geocube; which platform it stands on, and on which cluster, is known only to the program. */
export interface GeocubeConfig extends Omit<GeocubeArgs, "platform" | "cluster" | "storage"> {
  readonly storage: GivenGeocube["storage"];
}

/** The secrets beside the section, each absent where nothing needs it. */
export interface GeocubeSecrets {
  /** An external database's connection. */
  readonly database: pulumi.Output<string> | undefined;
  /** Text of a service account's key file. */
  readonly google: pulumi.Output<string> | undefined;
  /** Text of a shared credentials file. */
  readonly aws: pulumi.Output<string> | undefined;
}

/** The section as the program uses it. */
export function resolveGeocube(given: GivenGeocube, secrets: GeocubeSecrets): GeocubeConfig {
  const { tls, raster, autoscaler, downloader, googleCredentials, ...rest } = given;
  const { enabled, nginx, ...certificate } = tls;
  return {
    ...rest,
    ...resolveDatabase(given.database, secrets.database),
    messaging: given.messaging.type === "pubsubEmulator" ? imaged(given.messaging) : given.messaging,
    googleCredentials: googleCredentials?.type === "key" ? { type: "key", key: secretOf(secrets.google) } : googleCredentials,
    raster: { ...raster, s3: raster.s3 && { ...raster.s3, credentials: secretOf(secrets.aws) } },
    certificate: enabled ? { ...certificate, nginxImage: pinnedImage(nginx, NGINX_IMAGE) } : undefined,
    exposure: given.exposure.type === "ingress" ? { ...given.exposure, duration: tls.duration } : given.exposure,
    apiserver: imaged(given.apiserver),
    consolidater: { ...imaged(given.consolidater), replicas: given.consolidater.replicas ?? (autoscaler === undefined ? 1 : 0) },
    autoscaler: autoscaler && imaged(autoscaler),
    downloader: downloader && imaged(downloader),
  };
}

/** The rules have refused a section without it. */
function secretOf(secret: pulumi.Output<string> | undefined): pulumi.Output<string> {
  return secret ?? pulumi.secret("");
}

function imaged<T extends { readonly image: string; readonly digest?: string | undefined }>(given: T): Omit<T, "digest"> {
  const { digest, ...rest } = given;
  return { ...rest, image: pinnedImage({ digest }, given.image) };
}
