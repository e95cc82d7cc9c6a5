import { randomUUID } from "node:crypto";
import { field, fieldsOf, type Method } from "./grpc";
import type { Jobs } from "./jobs";
import { literal } from "./psql";
import { readBeginning } from "./filesystem";

/** The version of upstream's code. @see https://github.com/airbusgeo/geocube/blob/main/internal/grpc/service.go */
export const version: Method = () => Promise.resolve(field(1, "1.0.3"));

/**
 * Some of the service's methods, with the numbers of its messages' fields.
 * @see https://github.com/airbusgeo/geocube/blob/0a0f4c7b411d07e314b008ce134c6deaf6858fad/api/v1/pb/operations.proto
 */
export function geocubeMethods(jobs: Jobs): Readonly<Record<string, Method>> {
  return {
    "/geocube.Geocube/Version": version,
    "/geocube.Geocube/IndexDatasets": (request) => indexDatasets(jobs, textsOf(fieldsOf(request).get(1))),
    "/geocube.Geocube/Consolidate": async (request) => {
      const { 1: name = "", 2: instance = "", 7: layout = "" } = textsOf(request);
      const id = randomUUID();
      await jobs.create(id, name, instance, layout);
      return field(1, id);
    },
    "/geocube.Geocube/GetJob": async (request) => {
      const { 1: id = "" } = textsOf(request);
      const [row] = await jobs.sql(`SELECT name, state FROM geocube.jobs WHERE id = ${literal(id)}`);
      if (row === undefined) throw new Error(`no job ${id}`);
      const [name = "", state = ""] = row;
      return field(1, Buffer.concat([field(1, id), field(2, name), field(4, state)]));
    },
    "/geocube.Geocube/CancelJob": async (request) => {
      await jobs.cancel(textsOf(request)[1] ?? "");
      return Buffer.alloc(0);
    },
  };
}

/** Only what can be read is indexed. */
async function indexDatasets(jobs: Jobs, { 1: uri = "", 3: dataset = "" }: Readonly<Record<number, string>>): Promise<Buffer> {
  await readBeginning(uri);
  const { 3: instance = "" } = textsOf(Buffer.from(dataset, "latin1"));
  await jobs.sql(`INSERT INTO geocube.containers (uri, managed) VALUES (${literal(uri)}, false) ON CONFLICT DO NOTHING`);
  const values = [randomUUID(), instance, uri].map(literal).join(", ");
  await jobs.sql(`INSERT INTO geocube.datasets (id, instance_id, container_uri) VALUES (${values})`);
  return Buffer.alloc(0);
}

/** Each field by its number, its bytes as the characters of Latin 1, which are those of a plain text. */
function textsOf(message: Buffer | undefined): Readonly<Record<number, string>> {
  return Object.fromEntries([...fieldsOf(message ?? Buffer.alloc(0))].map(([number, bytes]) => [number, bytes.toString("latin1")]));
}
