import { z } from "zod";
import type { DatashimArgs } from "../components/plexus/datashim";
import { datashimChart } from "../components/plexus/datashimDrivers";
import { OPERATOR_REPOSITORY } from "../components/plexus/datashimOperator";
import { DATASHIM_VERSION } from "../components/plexus/datashimVersion";
import { chartPlace } from "./certManager";
import { chartFields } from "./chartFields";
import { toleration } from "./exposure";
import { dnsLabel, duration, textWith } from "./fields";
import { imageFields, pinnedImage } from "./image";
import { userId } from "./podFields";

const { chart, repository, values } = chartFields;

/** A release as upstream names them. */
const version = textWith((text) => {
  if (/^\d+\.\d+\.\d+(-[.0-9A-Za-z-]+)?$/.test(text)) return undefined;
  return { allowed: "a release of Datashim, without a v: 0.4.0", wayOut: `write "${DATASHIM_VERSION}", for example` };
});

const kubeletPath = textWith((text) => {
  if (/^(\/[-.\w]+)+$/.test(text)) return undefined;
  return { allowed: "an absolute path of the nodes, without a slash at its end", wayOut: 'write it like "/var/lib/kubelet"' };
});

const operator = z
  .strictObject({
    ...imageFields(`${OPERATOR_REPOSITORY}:${DATASHIM_VERSION}`),
    runAsUser: userId.default(65_532).meta({ description: "The user that the operator runs as." }),
  })
  .prefault({})
  .meta({ description: "Datashim's operator." });

const webhook = z
  .strictObject({
    install: z
      .boolean()
      .default(true)
      .meta({ description: "false registers none, where no pod runs that could answer (the embedded control plane)." }),
    failurePolicy: z
      .enum(["Fail", "Ignore"])
      .default("Fail")
      .meta({ description: "What becomes of a pod that asks for a Dataset while the operator is down: refused, or started without it." }),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(30)
      .meta({ rule: "the API server's range" })
      .default(10)
      .meta({ description: "How long the API server waits for the operator." }),
  })
  .prefault({})
  .meta({ description: "The webhook that mounts Datasets into pods." });

/** `trustplane:plexus.datashim`: Datasets as volumes of tenants' pods. Absent means none. */
export const datashimSchema = z
  .strictObject({
    install: z.boolean().default(true).meta({ description: "false uses the Datashim that the cluster already has." }),
    namespace: dnsLabel().default("dlf").meta({ description: "Datashim's own namespace; its Pod Security level is privileged." }),
    chart,
    repository,
    version: version.optional().meta({ description: "Datashim's version: the chart's and the operator's.", default: DATASHIM_VERSION }),
    values,
    types: z
      .array(z.enum(["COS", "NFS"]))
      .default(["COS"])
      .meta({ description: "What a Dataset may lead to: S3 buckets (COS), NFS exports." }),
    kubeletPath: kubeletPath.default("/var/lib/kubelet").meta({ description: "The kubelet's folder on the nodes." }),
    tolerations: z
      .array(toleration)
      .default([{ operator: "Exists", effect: "NoSchedule" }])
      .meta({ description: "Taints that the drivers' pods bear; a node without them mounts no Dataset." }),
    operator,
    webhook,
    certificate: z
      .strictObject({
        duration: duration("1h", "cert-manager's shortest").default("2160h").meta({ description: "How long the leaf is valid." }),
      })
      .prefault({})
      .meta({ description: "The leaf that the webhook serves." }),
  })
  .meta({ description: "Datashim: Datasets as volumes of tenants' pods; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenDatashim = z.output<typeof datashimSchema>;

/** Datashim; who signs its webhook's leaf is known only to the program. */
export type DatashimConfig = Omit<DatashimArgs, "issuerRef" | "caBundle">;

/** The section as the program uses it. */
export function resolveDatashim({ operator: given, webhook: { install, ...asked }, ...section }: GivenDatashim): DatashimConfig {
  const image = pinnedImage(given, `${OPERATOR_REPOSITORY}:${section.version ?? datashimChart.version}`);
  return {
    ...section,
    chart: chartPlace(section.chart),
    operator: { image, runAsUser: given.runAsUser },
    webhook: install ? asked : undefined,
  };
}
