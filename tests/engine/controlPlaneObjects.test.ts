import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { ControlPlaneTestbed, eventually } from "./controlPlaneTestbed";
import { certificateRequest } from "./certificateRequest";

describe("the embedded control plane", () => {
  let testbed: ControlPlaneTestbed;

  before(async () => {
    testbed = await ControlPlaneTestbed.create();
    await testbed.ensure();
  });

  after(async () => {
    await testbed.dispose();
  });

  async function apply(...objects: readonly object[]): Promise<void> {
    await testbed.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  }

  function claim(name: string, accessMode: string, more: object = {}): object {
    const spec = { accessModes: [accessMode], resources: { requests: { storage: "1Gi" } }, ...more };
    return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name }, spec };
  }

  function pod(name: string, claimName: string): object {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName } }];
    return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { volumes, containers: [{ name: "main", image: "none" }] } };
  }

  it("binds a ReadWriteMany claim of the default class at once", async () => {
    await apply(claim("shared", "ReadWriteMany"));
    await testbed.reads(["pvc", "shared"], ".status.phase", "Bound");
    await testbed.reads(["pvc", "shared"], ".spec.storageClassName", "shared");
  });

  it("binds a claim of local-path once a pod wants it, on that pod's node", async () => {
    await apply(claim("local", "ReadWriteOnce", { storageClassName: "local-path" }));
    await testbed.reads(["events", "--field-selector=involvedObject.name=local"], ".items[*].reason", /WaitForFirstConsumer/);
    assert.equal(await testbed.kubectl(["get", "pvc", "local", "-o", "jsonpath={.status.phase}"]), "Pending");
    await apply(pod("consumer", "local"));
    await testbed.reads(["pvc", "local"], ".status.phase", "Bound");
    await testbed.reads(["pod", "consumer"], ".status.phase", "Running");
  });

  it("leaves a ReadWriteMany claim of local-path pending, as k3s does", async () => {
    await apply(claim("local-shared", "ReadWriteMany", { storageClassName: "local-path" }), pod("waiting", "local-shared"));
    await testbed.reads(["pvc", "local-shared"], ".metadata.annotations.volume\\.kubernetes\\.io/selected-node", /^worker-/);
    assert.equal(await testbed.kubectl(["get", "pvc", "local-shared", "-o", "jsonpath={.status.phase}"]), "Pending");
  });

  it("removes the volume of a deleted claim", async () => {
    await apply(claim("short-lived", "ReadWriteMany"));
    await testbed.reads(["pvc", "short-lived"], ".status.phase", "Bound");
    const volume = await testbed.kubectl(["get", "pvc", "short-lived", "-o", "jsonpath={.spec.volumeName}"]);
    await testbed.kubectl(["delete", "pvc", "short-lived"]);
    await eventually(`${volume} is gone`, async () => (await testbed.kubectl(["get", "pv", volume, "--ignore-not-found"])) === "");
  });

  it("makes a retained volume bindable again when its claim is deleted", async () => {
    const spec = { accessModes: ["ReadWriteMany"], capacity: { storage: "1Gi" }, hostPath: { path: "/nowhere" }, storageClassName: "" };
    await apply({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "kept" },
      spec: { ...spec, persistentVolumeReclaimPolicy: "Retain" },
    });
    for (const name of ["first", "second"]) {
      await apply(claim(name, "ReadWriteMany", { storageClassName: "", volumeName: "kept" }));
      await testbed.reads(["pvc", name], ".status.phase", "Bound");
      await testbed.kubectl(["delete", "pvc", name]);
      await testbed.reads(["pv", "kept"], ".status.phase", "Available");
    }
  });

  it("gives LoadBalancers and Ingresses an address", async () => {
    const ports = [{ port: 443 }];
    const metadata = { name: "edge" };
    const defaultBackend = { service: { name: "edge", port: { number: 443 } } };
    await apply(
      { apiVersion: "v1", kind: "Service", metadata, spec: { type: "LoadBalancer", ports } },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "fixed" },
        spec: { type: "LoadBalancer", loadBalancerIP: "192.0.2.77", ports },
      },
      { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec: { defaultBackend } },
    );
    await testbed.reads(["service", "edge"], ".status.loadBalancer.ingress[0].ip", "127.0.0.2");
    await testbed.reads(["service", "fixed"], ".status.loadBalancer.ingress[0].ip", "192.0.2.77");
    await testbed.reads(["ingress", "edge"], ".status.loadBalancer.ingress[0].ip", "127.0.0.1");
  });

  it("completes a Job and makes a Deployment available", async () => {
    await testbed.kubectl(["create", "job", "once", "--image=none"]);
    await testbed.kubectl(["create", "deployment", "many", "--image=none", "--replicas=3"]);
    await testbed.kubectl(["wait", "--for=condition=Complete", "job/once", "--timeout=300s"]);
    await testbed.kubectl(["wait", "--for=condition=Available", "deployment/many", "--timeout=300s"]);
  });

  it("signs an approved request for a client certificate", async () => {
    const request = (await certificateRequest("CN=tenant,O=tenants")).toString("base64");
    const spec = { request, signerName: "kubernetes.io/kube-apiserver-client", usages: ["client auth"], expirationSeconds: 3600 };
    await apply({ apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { name: "tenant" }, spec });
    await testbed.kubectl(["certificate", "approve", "tenant"]);
    await testbed.reads(["csr", "tenant"], ".status.certificate", /./);
    const pem = Buffer.from(await testbed.kubectl(["get", "csr", "tenant", "-o", "jsonpath={.status.certificate}"]), "base64");
    const certificate = new X509Certificate(pem);
    assert.match(certificate.subject, /CN=tenant/);
  });
});
