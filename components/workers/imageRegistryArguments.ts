import * as pulumi from "@pulumi/pulumi";
import type { ImageRegistryArgs } from "./imageRegistry";

type PropertyError = pulumi.InputPropertyErrorDetails;

/** @throws pulumi.InputPropertiesError that names every bad argument */
export function checkRegistry(name: string, args: ImageRegistryArgs): void {
  const errors = [...emptyErrors(args), ...userErrors(args), ...ingressErrors(args)];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
}

function emptyErrors({ host, image }: ImageRegistryArgs): PropertyError[] {
  const needed = { host: "the name that images are pulled by", image: "the distribution registry's image with its version" };
  const given = { host, image };
  const empty = (Object.keys(needed) as (keyof typeof needed)[]).filter((key) => given[key] === "");
  return empty.map((propertyPath) => ({ propertyPath, reason: `empty: write ${needed[propertyPath]}` }));
}

function userErrors({ users, givenPasswords, htpasswd }: ImageRegistryArgs): PropertyError[] {
  const twice = users.filter((user, index) => users.indexOf(user) !== index);
  const nobody = users.length === 0 && givenPasswords === undefined && htpasswd === undefined;
  return [
    ...twice.map((user) => ({ propertyPath: "users", reason: `${JSON.stringify(user)} stands there twice: a user has one password` })),
    ...(nobody ? [{ propertyPath: "users", reason: "empty, and no passwords are given: nobody could log in" }] : []),
  ];
}

function ingressErrors({ exposure, platform }: ImageRegistryArgs): PropertyError[] {
  if (exposure.type !== "ingress" || exposure.named !== undefined || platform.ingress !== undefined) return [];
  const reason =
    "names no class, and the platform has no ingress here: name the class of one that the cluster has, or choose another exposure";
  return [{ propertyPath: "exposure", reason }];
}
