import * as k8s from "@pulumi/kubernetes";
import { datashimLabels, type DatashimScope } from "./datashimNames";
import { DATASETS_API_GROUP } from "./datashimVersion";

/** Kinds of storage that a Dataset may lead to, as Datashim names them: an S3 bucket, an NFS export. */
export type DatasetType = "COS" | "NFS";

type Schema = k8s.types.input.apiextensions.v1.JSONSchemaProps;

/** Kinds of the API group, with the plural that their objects are listed under. */
const kinds = [
  { kind: "Dataset", plural: "datasets" },
  { kind: "DatasetInternal", plural: "datasetsinternal" },
] as const;

/**
 * The definitions of Datasets, as the operator's API has them, less what would let a tenant out of its namespace: of all types only the
 * given ones, neither archives nor catalogues. A `HOST` Dataset is a volume of any folder of a node, and an archive is a shell command
 * that the operator runs in its own namespace with an image `latest`.
 * @returns each made once the API server serves it
 * @see https://github.com/datashim-io/datashim/tree/master/src/dataset-operator/api/v1alpha1
 */
export function datasetDefinitions(
  scope: DatashimScope,
  types: readonly DatasetType[],
): readonly k8s.apiextensions.v1.CustomResourceDefinition[] {
  const annotations = { "pulumi.com/waitFor": "condition=Established" };
  return kinds.map(
    ({ kind, plural }) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(
        `${scope.name}-definition-${plural}`,
        {
          metadata: { name: `${plural}.${DATASETS_API_GROUP}`, labels: datashimLabels(scope), annotations },
          spec: {
            group: DATASETS_API_GROUP,
            names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
            scope: "Namespaced",
            versions: [{ name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: schema(types) }, subresources }],
          },
        },
        scope.opts,
      ),
  );
}

const subresources = { status: {} };
const text: Schema = { type: "string" };
const texts: Schema = { type: "object", additionalProperties: text };

function schema(types: readonly DatasetType[]): Schema {
  const status = { type: "object", x_kubernetes_preserve_unknown_fields: true };
  return { type: "object", required: ["spec"], properties: { spec: spec(types), status } };
}

function spec(types: readonly DatasetType[]): Schema {
  const allowed = types.map((type) => `"${type}"`).join(", ");
  const rule = `has(self.local) && "type" in self.local && self.local["type"] in [${allowed}]`;
  return {
    type: "object",
    properties: { local: texts, remote: texts, type: text, url: text, format: text, extract: text },
    x_kubernetes_validations: [
      { rule, message: `spec.local.type must be ${types.join(" or ")}: this cluster's administrator allows no other Dataset` },
      { rule: "!has(self.remote)", message: "spec.remote must be absent: this cluster's administrator allows no catalogue of Datasets" },
      { rule: "!has(self.type)", message: "spec.type must be absent: this cluster's administrator allows no archive as a Dataset" },
    ],
  };
}
