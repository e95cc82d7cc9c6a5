import { z } from "zod";
import { dnsLabel } from "./fields";
import { containerPath, environment, line, webAddress } from "./textFields";

const LEVELS = ["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;

const logging = z
  .strictObject({
    level: z.enum(LEVELS).optional().meta({ description: "INFO unless given." }),
    path: line("a path").optional().meta({ description: "A file for the log, known to older agents only." }),
    taskFormat: line("a log format").optional().meta({ description: "Format of the tasks' log lines; the agent's own unless given." }),
  })
  .meta({ description: "The agent's log." });

const sentry = z
  .strictObject({
    dsn: line("a Sentry DSN").meta({ description: "Where errors of the agent are reported." }),
    environment: line("a name")
      .optional()
      .meta({ description: "Name by which Sentry tells installations apart; production unless given." }),
  })
  .meta({ description: "Reports of errors; none unless given." });

const volume = z.strictObject({
  name: dnsLabel().meta({ description: "The volume's name in the job." }),
  claimName: dnsLabel().meta({ description: "A PersistentVolumeClaim of the agent's namespace." }),
  mountPath: containerPath.meta({ description: "Where the job's container mounts it." }),
  readOnly: z.boolean().default(false),
});

/** The keys of the section that become keys of `agent.yml`. */
export const agentFields = {
  url: webAddress("the Arkindex instance's address").meta({
    description: "The Arkindex instance's address.",
    examples: ["https://arkindex.example.org"],
  }),
  farmId: line("the farm's identifier").meta({ description: "The farm's identifier, as Arkindex' administration shows it." }),
  dataDir: containerPath
    .default("/data")
    .meta({ description: "Where the agent keeps its data: /data, where the volume is mounted, or a folder below it." }),
  pidFile: line("a path").optional().meta({ description: "The agent's PID file; /tmp/ponos.pid unless given." }),
  logging: logging.optional(),
  sentry: sentry.optional(),
  gpuName: line("a resource's name").optional().meta({ description: "Resource name of GPUs on the nodes; nvidia.com/gpu unless given." }),
  inCluster: z.boolean().optional().meta({ description: "Whether the agent finds the API server as a pod does; it does unless given." }),
  extraEnvironment: environment.default({}).meta({ description: "Environment of each job, beside what caBundle and proxy set." }),
  extraVolumes: z.array(volume).default([]).meta({ description: "Volumes of each job, beside the data volume and the CA's." }),
};
