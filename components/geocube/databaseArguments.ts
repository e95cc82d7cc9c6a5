import * as pulumi from "@pulumi/pulumi";
import type { GeocubeDatabaseArgs } from "./database";
import type { SchemaSource } from "./schemaSource";

type PropertyError = pulumi.InputPropertyErrorDetails;

/** @throws pulumi.InputPropertiesError that names every bad argument */
export function checkArguments(name: string, args: GeocubeDatabaseArgs): void {
  const errors = [...schemaErrors(args), ...clientErrors(args), ...limitErrors(args)];
  if (errors.length > 0) throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors });
}

/** Whether this program makes the schema. */
export function bootstraps({ database }: Pick<GeocubeDatabaseArgs, "database">): boolean {
  return database.type === "builtIn" || database.bootstrap;
}

function schemaErrors(args: GeocubeDatabaseArgs): PropertyError[] {
  const { schema } = args;
  if (!bootstraps(args)) return [];
  if (schema === undefined) return [{ propertyPath: "schema", reason: "missing: Geocube makes no tables, so name upstream's scripts" }];
  return versionErrors(schema);
}

/** They are compared, and stand in the Job's arguments and in its files' names. */
function versionErrors({ version, adopt, updates }: SchemaSource): PropertyError[] {
  const given = { version, adopt, ...Object.fromEntries(updates.map((update, index) => [`updates[${index}].version`, update.version])) };
  return Object.entries(given)
    .filter(([, text]) => text !== undefined && !/^\d+\.\d+\.\d+$/.test(text))
    .map(([path, text]) => ({
      propertyPath: `schema.${path}`,
      reason: `${JSON.stringify(text)} is not three numbers: write it like 1.1.0`,
    }));
}

function clientErrors({ clients }: GeocubeDatabaseArgs): PropertyError[] {
  const reason = "selects every pod of the namespace: name the labels of a client";
  return clients.flatMap((labels, index) => (Object.keys(labels).length > 0 ? [] : [{ propertyPath: `clients[${index}]`, reason }]));
}

function limitErrors({ database: { maxConnections } }: GeocubeDatabaseArgs): PropertyError[] {
  if (Number.isInteger(maxConnections) && maxConnections > 0) return [];
  return [{ propertyPath: "database.maxConnections", reason: `${maxConnections} is not a whole number above 0` }];
}
