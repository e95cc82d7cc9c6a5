import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import { agent, caBundle, root } from "./ponosFixture";

type Spec = types.output.apps.v1.DeploymentSpec;
type Changes = Parameters<typeof agent>[0];

async function deployment(changes?: Changes): Promise<Spec> {
  return (await agent(changes)).get("ponos-deployment").inputs["spec"] as Spec;
}

async function pod(changes?: Changes): Promise<types.output.core.v1.PodSpec> {
  return (await deployment(changes)).template.spec;
}

async function environment(changes?: Changes): Promise<Readonly<Record<string, string>>> {
  const env = (await pod(changes)).containers[0]?.env ?? [];
  return Object.fromEntries(env.filter((variable) => "value" in variable).map(({ name, value }) => [name, value]));
}

async function checksum(changes?: Changes): Promise<string | undefined> {
  return (await deployment(changes)).template.metadata.annotations["trustplane.dev/checksum"];
}

describe("PonosAgent's pod", () => {
  it("is one alone, and gone before another one comes", async () => {
    const { replicas, strategy } = await deployment();
    assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }]);
  });

  it("bears the label of upstream's log command, and is selected by labels of its own", async () => {
    const { selector, template } = await deployment();
    assert.equal(template.metadata.labels["name"], "ponos-agent");
    assert.deepEqual(selector.matchLabels, { "app.kubernetes.io/name": "ponos-agent", "app.kubernetes.io/instance": "ponos" });
  });

  it("reads its configuration at /etc/ponos, keeps its data at /data and mounts the CA read-only", async () => {
    const { containers, volumes } = await pod();
    const mounts = containers[0]?.volumeMounts.map((mount) => [mount.name, mount.mountPath, "readOnly" in mount]);
    assert.deepEqual(mounts, [
      ["config-volume", "/etc/ponos/", true],
      ["data-volume", "/data", false],
      ["ca-bundle", "/ssl", true],
    ]);
    const items = [{ key: "agent.yml", path: "agent.yml" }];
    assert.deepEqual(volumes, [
      { name: "config-volume", secret: { secretName: "ponos-config", defaultMode: 0o444, items } },
      { name: "data-volume", persistentVolumeClaim: { claimName: "ponos-data" } },
      { name: "ca-bundle", configMap: { name: "my-ca-bundle" } },
    ]);
  });

  it("learns its node and its id from the downward API", async () => {
    const env = (await pod()).containers[0]?.env.filter((variable) => "valueFrom" in variable);
    assert.deepEqual(
      env?.map(({ name, valueFrom }) => [name, valueFrom.fieldRef.fieldPath]),
      [
        ["PONOS_NODE_NAME", "spec.nodeName"],
        ["PONOS_POD_ID", "metadata.uid"],
      ],
    );
  });

  it("verifies with the bundle by the variables that were asked for, and by none where the CA is left out", async () => {
    assert.deepEqual(await environment(), { AWS_CA_BUNDLE: "/ssl/ca-bundle.crt", REQUESTS_CA_BUNDLE: "/ssl/ca-bundle.crt" });
    const more = { ...caBundle, mountPath: "/ca", variables: ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const };
    assert.deepEqual(Object.keys(await environment({ caBundle: more })).sort(), [
      "AWS_CA_BUNDLE",
      "NODE_EXTRA_CA_CERTS",
      "REQUESTS_CA_BUNDLE",
      "SSL_CERT_FILE",
    ]);
    assert.deepEqual(new Set(Object.values(await environment({ caBundle: more }))), new Set(["/ca/ca-bundle.crt"]));
    assert.deepEqual(await environment({ caBundle: undefined }), {});
  });

  it("reaches the API server without the proxy", async () => {
    const proxy = { https: "http://proxy.example.org:3128", noProxy: ["s3.example.org"] };
    const env = await environment({ proxy, caBundle: undefined });
    const direct = "$(KUBERNETES_SERVICE_HOST),localhost,127.0.0.1,169.254.169.254,.svc,.cluster.local,s3.example.org";
    assert.deepEqual(env, { https_proxy: proxy.https, HTTPS_PROXY: proxy.https, no_proxy: direct, NO_PROXY: direct });
  });

  it("rolls when its configuration, its seed or its CA changes, and shows none of them", async () => {
    const before = await checksum();
    assert.equal(await checksum({ nodeSelector: { gpu: "yes" } }), before);
    const changes: readonly Changes[] = [{ seed: "other" }, { farmId: "other" }, { certificates: `${root}${root}` }];
    const after = await Promise.all(changes.map(checksum));
    assert.equal(new Set([before, ...after]).size, changes.length + 1);
    assert.ok(!JSON.stringify(await deployment()).includes("5eed"));
  });

  it("starts after its rights, its claim and the volume of its jobs", async () => {
    assert.deepEqual((await agent()).get("ponos-deployment").dependsOn, ["ponos-data", "ponos-role-binding", "ponos-ca"]);
  });

  it("keeps the image's user unless it is told one, and meets the level restricted then", async () => {
    const { securityContext, containers } = await pod();
    assert.deepEqual(securityContext, { seccompProfile: { type: "RuntimeDefault" } });
    assert.deepEqual(containers[0]?.securityContext, { allowPrivilegeEscalation: false });
    const known = await pod({ securityContext: { runAsUser: 1000, fsGroup: 2000 } });
    const { runAsNonRoot, runAsUser, runAsGroup, fsGroup } = known.securityContext;
    assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup, fsGroup], [true, 1000, 1000, 2000]);
    assert.deepEqual(known.containers[0]?.securityContext, { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
  });

  it("runs with the image, pull secrets, resources and place that it is given", async () => {
    const place = { nodeSelector: { gpu: "yes" }, tolerations: [{ operator: "Exists" }] };
    const spec = await pod({ ...place, imagePullSecrets: ["teklia"], image: "registry.example.org/agent:2@sha256:0" });
    assert.deepEqual(spec.imagePullSecrets, [{ name: "teklia" }]);
    assert.deepEqual({ nodeSelector: spec.nodeSelector, tolerations: spec.tolerations }, place);
    assert.equal(spec.containers[0]?.image, "registry.example.org/agent:2@sha256:0");
    assert.deepEqual(spec.containers[0].resources, { requests: { cpu: "100m" }, limits: {} });
  });

  it("has the token that makes jobs", async () => {
    const { serviceAccountName, automountServiceAccountToken } = await pod();
    assert.deepEqual([serviceAccountName, automountServiceAccountToken], ["ponos-agent", true]);
  });
});
