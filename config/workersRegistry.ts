import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistryArgs } from "../components/workers/imageRegistry";
import type { RegistryCertificate } from "../components/workers/imageRegistryCertificate";
import type { RegistryExposure } from "../components/workers/imageRegistryExposure";
import type { GarbageCollectionArgs } from "../components/workers/imageRegistryGarbage";
import type { RegistryStorage } from "../components/workers/imageRegistryStorage";
import { pinnedImage } from "./image";
import { NGINX_IMAGE, PROBE_IMAGE } from "./sharedImages";
import type { Leaf } from "./leafRules";
import { type GivenRegistry, REGISTRY_IMAGE } from "./workersRegistrySchema";

/** The registry; whose platform it stands on is known only to the program. */
export type RegistryConfig = Omit<ImageRegistryArgs, "platform">;

/** The secrets beside the section, each absent where it is not set. */
export interface RegistrySecrets {
  /** `workersRegistryUsers`: JSON, passwords by their users. */
  readonly users?: pulumi.Output<string>;
  /** `workersRegistryHtpasswd`: lines of an htpasswd file. */
  readonly htpasswd?: pulumi.Output<string>;
}

/** The section `workers.registry` as the program uses it. */
export function resolveRegistry(given: GivenRegistry, { users, htpasswd }: RegistrySecrets): RegistryConfig {
  const { image, digest, nginx, certificate, exposure, storage, garbageCollection, pullSecrets, ...rest } = given;
  return {
    ...rest,
    image: pinnedImage({ image, digest }, REGISTRY_IMAGE),
    nginxImage: pinnedImage(nginx, NGINX_IMAGE),
    givenPasswords: users?.apply((text) => JSON.parse(text) as Record<string, string>),
    htpasswd,
    storage: storageOf(storage),
    certificate: certificateOf(certificate),
    exposure: exposureOf(exposure),
    garbageCollection: garbageCollection && garbageCollectionOf(garbageCollection),
    pullSecrets: { ...pullSecrets, user: pullUser(given) },
  };
}

/** The user whose login pull secrets hold; empty where the section leaves it open, which is an error. */
export function pullUser({ pullSecrets, users }: Pick<GivenRegistry, "pullSecrets" | "users">): string {
  return pullSecrets.user ?? users[0] ?? "";
}

/** Go duration of the leaf where none is given. */
export const REGISTRY_LEAF_DURATION = "2160h";

/** The leaves that the platform's CA signs: behind an ingress the pod's as well as the clients'. */
export function registryLeaves({ certificate, exposure }: GivenRegistry): Leaf[] {
  const own = certificate.issuer === undefined && certificate.secretName === undefined;
  if (!own && exposure.type !== "ingress") return [];
  const duration = certificate.duration ?? REGISTRY_LEAF_DURATION;
  return [{ path: "workers.registry.certificate.duration", duration, decidedBy: "workers.registry.exposure" }];
}

function storageOf(given: GivenRegistry["storage"]): RegistryStorage {
  return given.type === "volume" ? { ...given, accessMode: "ReadWriteOnce" } : given;
}

function certificateOf({
  secretName,
  issuer,
  duration = REGISTRY_LEAF_DURATION,
  renewBefore,
}: GivenRegistry["certificate"]): RegistryCertificate {
  return secretName === undefined ? { type: "issued", issuer, duration, renewBefore } : { type: "secret", name: secretName };
}

function exposureOf(given: GivenRegistry["exposure"]): RegistryExposure {
  if (given.type !== "ingress") return given;
  const { className, port = 443, annotations } = given;
  return { type: "ingress", annotations, named: className === undefined ? undefined : { className, port } };
}

function garbageCollectionOf({ image, digest, ...given }: NonNullable<GivenRegistry["garbageCollection"]>): GarbageCollectionArgs {
  return { ...given, image: pinnedImage({ image, digest }, PROBE_IMAGE) };
}
