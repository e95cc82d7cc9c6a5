import * as pulumi from "@pulumi/pulumi";
import { dataPath } from "./agentConfiguration";
import type { PonosAgentArgs } from "./ponosAgent";

type PropertyError = pulumi.InputPropertyErrorDetails;

/** @throws pulumi.InputPropertiesError that names every bad argument */
export function checkArguments(name: string, args: PonosAgentArgs): void {
  const errors = [...emptyErrors(args), ...claimErrors(args), ...dataDirErrors(args)];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
}

function emptyErrors({ url, farmId, image, seed }: PonosAgentArgs): PropertyError[] {
  const needed = { url: "the Arkindex instance's address", farmId: "the farm's identifier", image: "the agent's image with its version" };
  const given = { url, farmId, image };
  const empty = (Object.keys(needed) as (keyof typeof needed)[]).filter((key) => given[key] === "");
  return [
    ...empty.map((propertyPath) => ({ propertyPath, reason: `empty: write ${needed[propertyPath]}` })),
    ...(seed === "" ? [{ propertyPath: "seed", reason: "empty: give the farm's seed, or leave it out to have one made" }] : []),
  ];
}

function claimErrors({ storage, caBundle }: PonosAgentArgs): PropertyError[] {
  if (caBundle?.claimName !== storage.claimName) return [];
  const reason = `${JSON.stringify(storage.claimName)} is the data volume's: choose another name`;
  return [{ propertyPath: "caBundle.claimName", reason }];
}

function dataDirErrors({ dataDir }: PonosAgentArgs): PropertyError[] {
  if (dataDir === dataPath || dataDir.startsWith(`${dataPath}/`)) return [];
  const reason = `${JSON.stringify(dataDir)} is not on the data volume: write ${dataPath}, where jobs find it, or a folder below it`;
  return [{ propertyPath: "dataDir", reason }];
}
