import * as fs from "node:fs";
import { parse } from "yaml";

/**
 * The keys of `agent.yml` that decide how a task runs.
 * @see https://doc.teklia.com/ponos_agent/contents/config
 * @see https://doc.teklia.com/ponos_agent/contents/config/kubernetes
 */
export interface Settings {
  readonly url: string;
  readonly farm_id: string;
  readonly seed: string;
  readonly data_dir: string;
  readonly pid_file: string;
  readonly kubernetes: {
    readonly pvc_name: string;
    readonly namespace: string;
    readonly extra_environment: Readonly<Record<string, string>>;
    readonly extra_volumes: readonly {
      readonly name: string;
      readonly pvc_name: string;
      readonly mount_path: string;
      readonly read_only?: boolean;
    }[];
  };
}

type Given = Partial<Settings> & { readonly kubernetes?: Partial<Settings["kubernetes"]> };

/** Reads the file with upstream's defaults. @throws Error for a required key that is absent or no text */
export function readSettings(file: string): Settings {
  // of the version that Python's reads
  const given = parse(fs.readFileSync(file, "utf8"), { version: "1.1" }) as Given;
  return {
    url: text("url", given.url),
    farm_id: text("farm_id", given.farm_id),
    seed: text("seed", given.seed),
    data_dir: given.data_dir ?? "/usr/share/ponos/data",
    pid_file: given.pid_file ?? "/tmp/ponos.pid",
    kubernetes: {
      namespace: "default",
      extra_environment: {},
      extra_volumes: [],
      ...given.kubernetes,
      pvc_name: text("kubernetes.pvc_name", given.kubernetes?.pvc_name),
    },
  };
}

function text(key: string, value: unknown): string {
  if (typeof value !== "string") throw new Error(`agent.yml: ${key} is ${JSON.stringify(value)}, and no text`);
  return value;
}
