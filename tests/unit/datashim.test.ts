import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ChartValues } from "../../components/platform/chartValues";
import type { DatashimArgs } from "../../components/plexus/datashim";
import { webhookRoots } from "../../components/plexus/datashimWebhook";
import { resolved } from "../deployment";
import { bundle, datashim } from "./datashimFixture";
import { children } from "./kubernetesApiEdgeFixture";

type Fields = Readonly<Record<string, unknown>>;

const made = [
  "Certificate datashim-certificate",
  "ClusterRole datashim-role",
  "ClusterRoleBinding datashim-binding",
  "CustomResourceDefinition datashim-definition-datasets",
  "CustomResourceDefinition datashim-definition-datasetsinternal",
  "Deployment datashim-operator",
  "MutatingWebhookConfiguration datashim-webhook",
  "Namespace datashim-namespace",
  "Release datashim-release",
  "Service datashim-service",
  "ServiceAccount datashim-service-account",
];

async function inputs(child: string, changes: Partial<DatashimArgs> = {}): Promise<Record<string, Fields>> {
  return (await datashim(changes)).get(child).inputs as Record<string, Fields>;
}

async function values(changes: Partial<DatashimArgs> = {}): Promise<ChartValues> {
  return (await inputs("datashim-release", changes))["values"] as ChartValues;
}

interface Pod {
  readonly securityContext: Fields;
  readonly initContainers?: unknown;
  readonly containers: readonly (Fields & { readonly volumeMounts: unknown })[];
  readonly volumes: unknown;
}

async function pod(changes: Partial<DatashimArgs> = {}): Promise<Pod> {
  const { template } = (await inputs("datashim-operator", changes))["spec"] as { template: { spec: Pod } };
  return template.spec;
}

interface Webhook {
  readonly clientConfig: { readonly caBundle: string; readonly service: Fields };
  readonly namespaceSelector: Fields;
  readonly matchConditions: readonly { readonly expression: string }[];
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
}

async function webhook(changes: Partial<DatashimArgs> = {}): Promise<Webhook> {
  const { webhooks } = (await inputs("datashim-webhook", changes)) as unknown as { webhooks: Webhook[] };
  const [only, ...rest] = webhooks;
  assert.ok(only !== undefined && rest.length === 0);
  return only;
}

type Rules = readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];

async function rights(types: DatashimArgs["types"]): Promise<readonly string[]> {
  const { rules } = (await inputs("datashim-role", { types })) as unknown as { rules: Rules };
  return rules.flatMap(({ apiGroups, resources, verbs }) => resources.map((each) => `${apiGroups.join()}/${each} ${verbs.join()}`));
}

describe("Datashim", () => {
  it("makes these children and no others", async () => {
    assert.deepEqual(children(await datashim()), made);
  });

  it("makes nothing where the cluster has its own, and names its namespace", async () => {
    const deployment = await datashim({ install: false, namespace: "datashim" });
    assert.deepEqual(children(deployment), []);
    assert.equal(await resolved(deployment.result.namespace), "datashim");
  });

  it("registers no webhook where nobody would answer, and all the rest", async () => {
    const without = made.filter((child) => !child.startsWith("MutatingWebhookConfiguration"));
    assert.deepEqual(children(await datashim({ webhook: undefined })), without);
  });

  it("lets the drivers be privileged in a namespace of their own", async () => {
    const { metadata } = await inputs("datashim-namespace");
    assert.equal(metadata?.["name"], "dlf");
    const labels = metadata["labels"] as Fields;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "privileged");
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
  });

  it("starts the operator after its leaf, its definitions and its rights, and the webhook after the operator", async () => {
    const { get } = await datashim();
    assert.deepEqual([...get("datashim-operator").dependsOn].sort(), [
      "datashim-binding",
      "datashim-certificate",
      "datashim-definition-datasets",
      "datashim-definition-datasetsinternal",
    ]);
    assert.deepEqual([...get("datashim-webhook").dependsOn].sort(), ["datashim-operator", "datashim-service"]);
  });
});

describe("Datashim's arguments", () => {
  async function refused(changes: Partial<DatashimArgs>): Promise<readonly string[]> {
    const error: unknown = await datashim(changes).catch((reason: unknown) => reason);
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }

  it("are refused all at once", async () => {
    const operator = { image: "quay.io/datashim-io/dataset-operator:latest", runAsUser: 0 };
    assert.deepEqual(await refused({ types: [], version: "0.3.2", operator, webhook: { failurePolicy: "Fail", timeoutSeconds: 31 } }), [
      "types",
      "version",
      "operator.image",
      "operator.runAsUser",
      "webhook.timeoutSeconds",
    ]);
  });

  for (const image of ["", "registry.example.org:5000/dataset-operator", "dataset-operator:latest"]) {
    it(`want an image that is pinned, which ${JSON.stringify(image)} is not`, async () => {
      assert.deepEqual(await refused({ operator: { image, runAsUser: 1 } }), ["operator.image"]);
    });
  }

  it("take an image by its digest, and say nothing of what is not installed", async () => {
    const image = `registry.example.org/dataset-operator@sha256:${"0a".repeat(32)}`;
    await datashim({ operator: { image, runAsUser: 1 } });
    await datashim({ install: false, version: "0.3.2", types: [] });
  });
});

describe("Datashim's drivers", () => {
  it("come from the pinned chart, without its operator and without its namespace", async () => {
    const release = await inputs("datashim-release");
    assert.deepEqual(
      [release["chart"], release["version"], release["repositoryOpts"]],
      ["datashim-charts", "0.4.0", { repo: "https://datashim-io.github.io/datashim" }],
    );
    assert.deepEqual(await values(), {
      global: { namespaceYaml: false, sidecars: { kubeletPath: "/var/lib/kubelet", baseRepo: "registry.k8s.io/sig-storage" } },
      "dataset-operator-chart": { enabled: false },
      "csi-s3-chart": { enabled: true, tolerations: [{ operator: "Exists", effect: "NoSchedule" }] },
      "csi-nfs-chart": { enabled: false, tolerations: [{ operator: "Exists", effect: "NoSchedule" }] },
    });
  });

  it("are those of the allowed types", async () => {
    const { "csi-s3-chart": s3, "csi-nfs-chart": nfs } = await values({ types: ["NFS"], tolerations: [] });
    assert.deepEqual(
      [s3, nfs],
      [
        { enabled: false, tolerations: [] },
        { enabled: true, tolerations: [] },
      ],
    );
  });

  it("take the user's values last", async () => {
    const merged = await values({ values: { global: { dockerRegistrySecret: "pull" }, "csi-s3-chart": { mounter: "s3fs" } } });
    assert.equal((merged["global"] as Fields)["dockerRegistrySecret"], "pull");
    assert.equal((merged["csi-s3-chart"] as Fields)["mounter"], "s3fs");
    assert.equal((merged["csi-s3-chart"] as Fields)["enabled"], true);
  });
});

describe("Datashim's operator", () => {
  it("runs without the init container that writes a CA of its own", async () => {
    const { initContainers, containers } = await pod();
    assert.deepEqual([initContainers, containers.map(({ name }) => name)], [undefined, ["dataset-operator"]]);
  });

  it("serves the leaf of our issuer, for the name that the API server asks", async () => {
    const { spec } = await inputs("datashim-certificate");
    assert.deepEqual(spec?.["dnsNames"], ["webhook-server.dlf.svc"]);
    assert.deepEqual(spec["issuerRef"], { group: "cert-manager.io", kind: "ClusterIssuer", name: "trustplane-lab-ca-1" });
    assert.deepEqual((await pod()).volumes, [{ name: "certificate", secret: { secretName: spec["secretName"], defaultMode: 0o440 } }]);
  });

  it("is at the level restricted, logs no pods, and is ready when the webhook's port is open", async () => {
    const { securityContext, containers } = await pod();
    assert.deepEqual(securityContext, {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const [{ args, securityContext: container, readinessProbe } = {} as Fields] = containers;
    assert.deepEqual(args, ["--zap-log-level=error"]);
    assert.deepEqual(container, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
    assert.deepEqual(readinessProbe, { tcpSocket: { port: "webhook" }, periodSeconds: 5 });
  });

  it("may do what buckets need and nothing on webhooks, workloads and volumes", async () => {
    assert.deepEqual(await rights(["COS"]), [
      "datashim.io/datasets get,list,watch,update",
      "datashim.io/datasetsinternal get,list,watch,create,update",
      "datashim.io/datasets/status get,update,patch",
      "datashim.io/datasetsinternal/status get,update,patch",
      "datashim.io/datasets/finalizers update",
      "datashim.io/datasetsinternal/finalizers update",
      "/configmaps get,list,watch,create",
      "/secrets get,list,watch,create,update,delete",
      "/persistentvolumeclaims get,list,watch,create,delete",
      "/pods get,list,watch",
      "/events list",
    ]);
  });

  it("may make volumes where exports are allowed", async () => {
    const [bucket, both] = await Promise.all([rights(["COS"]), rights(["COS", "NFS"])]);
    assert.deepEqual(both, [...bucket, "/persistentvolumes get,list,watch,create"]);
  });
});

describe("Datashim's webhook", () => {
  it("is verified by all roots of our CA", async () => {
    const { clientConfig } = await webhook({ caBundle: bundle + bundle });
    assert.equal(Buffer.from(clientConfig.caBundle, "base64").toString(), bundle + bundle);
    assert.deepEqual(clientConfig.service, { name: "webhook-server", namespace: "dlf", path: "/mutate-v1-pod", port: 443 });
  });

  it("is not registered without roots, since no public CA signs its name", () => {
    assert.throws(() => webhookRoots("\n"), /caBundle is empty.*certificateAuthority\.issuer\.caBundle/);
  });

  it("is asked in labelled namespaces only, and never in those of Kubernetes or its own", async () => {
    assert.deepEqual((await webhook({ namespace: "storage" })).namespaceSelector, {
      matchLabels: { "monitor-pods-datasets": "enabled" },
      matchExpressions: [
        {
          key: "kubernetes.io/metadata.name",
          operator: "NotIn",
          values: ["kube-system", "kube-public", "kube-node-lease", "storage"],
        },
      ],
    });
  });

  it("is asked for pods with a Dataset's label only", async () => {
    const { matchConditions } = await webhook();
    assert.deepEqual(
      matchConditions.map(({ expression }) => expression),
      ['has(object.metadata.labels) && object.metadata.labels.exists(key, key.startsWith("dataset."))'],
    );
  });

  it("refuses or passes such pods while nobody answers, as it is told", async () => {
    const { failurePolicy, timeoutSeconds } = await webhook({ webhook: { failurePolicy: "Ignore", timeoutSeconds: 3 } });
    assert.deepEqual([failurePolicy, timeoutSeconds], ["Ignore", 3]);
    assert.equal((await webhook()).failurePolicy, "Fail");
  });
});

describe("Datashim's definitions", () => {
  for (const plural of ["datasets", "datasetsinternal"]) {
    it(`allow of ${plural} the given types, without archives and catalogues`, async () => {
      const { metadata, spec } = await inputs(`datashim-definition-${plural}`, { types: ["COS", "NFS"] });
      assert.equal(metadata?.["name"], `${plural}.datashim.io`);
      const text = JSON.stringify(spec);
      assert.ok(text.includes('self.local[\\"type\\"] in [\\"COS\\", \\"NFS\\"]'), text);
      assert.ok(text.includes("!has(self.remote)") && text.includes("!has(self.type)"), text);
    });
  }
});
