import * as fs from "node:fs/promises";
import { z } from "zod";
import type { Layout } from "./layout";

const port = z.int().min(1).max(65_535);

const schema = z.object({
  ports: z.object({
    etcd: port,
    etcdPeer: port,
    apiServer: port,
    controllerManager: port,
    scheduler: port,
    kwok: port,
    egress: port.optional(),
  }),
  /** Version of the API server that wrote the state, such as `1.36.3`. */
  kubernetes: z.string(),
  /** Of the settings with which the processes were started. */
  fingerprint: z.string(),
  /** Whether it was healthy once, so that there may be something to lose. */
  used: z.boolean(),
});

/** What is remembered of the control plane between runs. */
export type ControlPlaneRecord = z.infer<typeof schema>;

/** The record of the last start; undefined where there is none that can be read. */
export async function readRecord(layout: Layout): Promise<ControlPlaneRecord | undefined> {
  try {
    return schema.parse(JSON.parse(await fs.readFile(layout.record, "utf8")));
  } catch {
    return undefined;
  }
}

export async function writeRecord(layout: Layout, record: ControlPlaneRecord): Promise<void> {
  const draft = `${layout.record}.new`;
  await fs.writeFile(draft, `${JSON.stringify(record, undefined, 2)}\n`);
  await fs.rename(draft, layout.record);
}
