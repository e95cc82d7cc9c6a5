import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nonEmptyBundle, TrustVolume, type TrustVolumeArgs } from "../../components/platform/trustVolume";
import { type Deployment, deploy, resolved } from "../deployment";
import { platformOutputs } from "../platformOutputs";

const root = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";

const args: TrustVolumeArgs = {
  identifier: "lab",
  namespace: "batch",
  claimName: "my-ca-bundle",
  accessMode: "ReadWriteMany",
  certificates: root,
  generations: [1, 2],
  publicRoots: false,
  image: "docker.io/library/busybox:1.37.0",
  runAsUser: 65_532,
  imagePullSecrets: [],
  nodeSelector: {},
  tolerations: [],
};

const outputs = {
  ...platformOutputs(""),
  "kubernetes:core/v1:PersistentVolumeClaimPatch": () => ({}),
  "kubernetes:batch/v1:Job": () => ({}),
};

function volume(changes: Partial<TrustVolumeArgs> = {}): Promise<Deployment<TrustVolume>> {
  return deploy(() => new TrustVolume("ca", { ...args, ...changes }), outputs);
}

async function job(changes: Partial<TrustVolumeArgs> = {}): Promise<{ name: string; spec: types.output.batch.v1.JobSpec }> {
  const { metadata, spec } = (await volume(changes)).get("ca-fill").inputs as {
    metadata: { name: string };
    spec: types.output.batch.v1.JobSpec;
  };
  return { name: metadata.name, spec };
}

describe("TrustVolume", () => {
  it("makes a ConfigMap, a claim and a Job, and nothing else", async () => {
    const made = (await volume()).resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ name }) => name);
    assert.deepEqual(made.sort(), ["ca-bundle", "ca-claim", "ca-fill"]);
  });

  it("is found by who retires a generation, as every trust bundle is", async () => {
    const { metadata, data } = (await volume()).get("ca-bundle").inputs as { metadata: Record<string, unknown>; data: unknown };
    assert.deepEqual(data, { "ca-bundle.crt": root });
    assert.deepEqual([metadata["namespace"], metadata["name"]], ["batch", "my-ca-bundle"]);
    assert.deepEqual(metadata["annotations"], { "trustplane.dev/generations": "1,2" });
    assert.deepEqual(metadata["labels"], {
      "app.kubernetes.io/part-of": "trustplane",
      "app.kubernetes.io/component": "trust-bundle",
      "trustplane.dev/certificate-authority": "lab",
    });
  });

  it("has another Job for another bundle, and the same one for the same", async () => {
    const digest = createHash("sha256").update(root).digest("hex");
    const first = await job();
    assert.equal(first.name, `my-ca-bundle-${digest.slice(0, 10)}`);
    assert.equal(first.spec.template.spec.containers[0]?.args.at(-1), digest);
    assert.equal((await job({ generations: [1] })).name, first.name);
    assert.notEqual((await job({ certificates: root + root })).name, first.name);
  });

  it("copies from the ConfigMap, which it may not write, to the root of the claim", async () => {
    const { containers, volumes } = (await job()).spec.template.spec;
    assert.deepEqual(volumes, [
      { name: "source", configMap: { name: "my-ca-bundle" } },
      { name: "volume", persistentVolumeClaim: { claimName: "my-ca-bundle" } },
    ]);
    const [container] = containers;
    assert.deepEqual(container?.args.slice(0, 2), ["/source/ca-bundle.crt", "/volume/ca-bundle.crt"]);
    assert.deepEqual(container.volumeMounts, [
      { name: "source", mountPath: "/source", readOnly: true },
      { name: "volume", mountPath: "/volume" },
    ]);
  });

  it("runs at the level restricted, without a token, as the user who may write", async () => {
    const { securityContext, containers, automountServiceAccountToken } = (await job({ runAsUser: 1000 })).spec.template.spec;
    assert.equal(automountServiceAccountToken, false);
    const { runAsNonRoot, runAsUser, seccompProfile } = securityContext;
    assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile.type], [true, 1000, "RuntimeDefault"]);
    assert.deepEqual(containers[0]?.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("asks for the storage that it is told to ask for", async () => {
    const { get } = await volume({ accessMode: "ReadWriteOnce", storageClass: "nfs" });
    const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "nfs", resources: { requests: { storage: "1Gi" } } };
    assert.deepEqual(get("ca-claim").inputs["spec"], spec);
  });

  it("adds the public roots on request, and tells a digest of all", async () => {
    const { get, result } = await volume({ publicRoots: true });
    const bundle = (get("ca-bundle").inputs["data"] as Record<string, string>)["ca-bundle.crt"] ?? "";
    assert.ok(bundle.startsWith(root) && bundle.split("BEGIN CERTIFICATE").length > 50);
    assert.equal(await resolved(result.digest), createHash("sha256").update(bundle).digest("hex"));
  });

  it("refuses a bundle of nothing, with which nobody would be trusted", () => {
    assert.equal(nonEmptyBundle("ca", root), root);
    assert.throws(() => nonEmptyBundle("ca", ""), pulumi.InputPropertiesError);
  });
});
