/** A volume of each job, by its claim in the agent's namespace. */
export interface JobVolume {
  readonly name: string;
  readonly claimName: string;
  /** Absolute path in the job's container. */
  readonly mountPath: string;
  /** @default false */
  readonly readOnly: boolean;
}

/** What the user says of `agent.yml`; absent keys are left to the agent's own defaults. */
export interface AgentSettings {
  /** The Arkindex instance's address. */
  readonly url: string;
  /** The farm's identifier in Arkindex. */
  readonly farmId: string;
  /** Where the agent keeps its data: the volume's mount or a folder below it. @default "/data" */
  readonly dataDir: string;
  /** File by which agents of one host notice each other. @default the agent's, /tmp/ponos.pid */
  readonly pidFile?: string;
  readonly logging?: {
    /** @default the agent's, INFO */
    readonly level?: "NOTSET" | "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
    /** A file for the log; older agents only. @default none */
    readonly path?: string;
    /** Format of the tasks' log lines. @default the agent's */
    readonly taskFormat?: string;
  };
  readonly sentry?: {
    readonly dsn: string;
    /** @default the agent's, production */
    readonly environment?: string;
  };
  /** Resource name of GPUs on the nodes. @default the agent's, nvidia.com/gpu */
  readonly gpuName?: string;
  /** Whether the agent finds the API server as a pod does. @default the agent's, true */
  readonly inCluster?: boolean;
  /** Environment of each job. @default none */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** Volumes of each job beside the data volume. @default none */
  readonly extraVolumes: readonly JobVolume[];
}

/** What the program adds to it. */
export interface AgentPlace {
  /** The farm's seed, plain. */
  readonly seed: string;
  /** Namespace of the jobs, and of every claim that they mount. */
  readonly namespace: string;
  /** The data volume's claim. */
  readonly claimName: string;
}

/** Where the data volume is mounted: in jobs always, so in the agent as well. */
export const dataPath = "/data";

/** Where the agent looks for its configuration. */
export const configurationPath = "/etc/ponos";

/** The file's name, which is the Secret's or ConfigMap's only key. */
export const configurationKey = "agent.yml";

/**
 * The text of `agent.yml`. JSON, which is YAML with every string in quotes: a seed of digits, `1234e56` or `no` stays a string.
 * @see https://doc.teklia.com/ponos_agent/contents/config/
 */
export function agentConfiguration(settings: AgentSettings, { seed, ...place }: AgentPlace): string {
  const { url, farmId, dataDir, pidFile, logging, sentry } = settings;
  const configuration = {
    url,
    farm_id: farmId,
    seed,
    data_dir: dataDir,
    pid_file: pidFile,
    logging: logging && { level: logging.level, path: logging.path, task_format: logging.taskFormat },
    sentry,
    kubernetes: kubernetes(settings, place),
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** @see https://doc.teklia.com/ponos_agent/contents/config/kubernetes/ */
function kubernetes(
  { gpuName, inCluster, extraVolumes, extraEnvironment }: AgentSettings,
  { namespace, claimName }: Omit<AgentPlace, "seed">,
): object {
  return {
    pvc_name: claimName,
    namespace,
    in_cluster: inCluster,
    gpu_name: gpuName,
    extra_volumes: extraVolumes.map(({ name, claimName: pvc_name, mountPath, readOnly }) => ({
      name,
      pvc_name,
      mount_path: mountPath,
      read_only: readOnly,
    })),
    extra_environment: extraEnvironment,
  };
}
