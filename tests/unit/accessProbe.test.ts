import assert from "node:assert/strict";
import { AccessProbe, type AccessProbeArgs } from "../../components/interlink/accessProbe";
import { type Deployment, deploy, resolved } from "../deployment";

const defaults: AccessProbeArgs = {
  nodeName: "interlink-slurm-node",
  namespace: "interlink",
  image: "registry.k8s.io/kubectl:v1.34.1",
  serviceAccountName: "default",
};

interface Job {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly annotations: Record<string, string> };
  readonly spec: {
    readonly backoffLimit: number;
    readonly template: {
      readonly metadata: { readonly annotations: Record<string, string> };
      readonly spec: Record<string, unknown> & { readonly containers: readonly Record<string, unknown>[] };
    };
  };
}

async function probe(changes: Partial<AccessProbeArgs> = {}): Promise<Deployment<AccessProbe>> {
  return deploy(() => new AccessProbe("probe", { ...defaults, ...changes }), { "kubernetes:batch/v1:Job": () => ({}) });
}

async function job(changes: Partial<AccessProbeArgs> = {}): Promise<Job> {
  return (await probe(changes)).get("probe-job").inputs as unknown as Job;
}

describe("AccessProbe", () => {
  it("is one Job, and no namespace, ServiceAccount or right", async () => {
    const { resources, result } = await probe();
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ type, name }) => `${type} ${name}`),
      ["kubernetes:batch/v1:Job probe-job"],
    );
    assert.equal(await resolved(result.jobName), "interlink-access-probe");
    const { name, namespace } = (await job()).metadata;
    assert.deepEqual([namespace, name], ["interlink", "interlink-access-probe"]);
  });

  it("is not awaited, since a queue may take hours, and frees its name at once when it is replaced", async () => {
    assert.deepEqual((await job()).metadata.annotations, {
      "pulumi.com/skipAwait": "true",
      "pulumi.com/deletionPropagationPolicy": "background",
    });
  });

  it("runs once, on the virtual node and on no other", async () => {
    const { backoffLimit, template } = (await job()).spec;
    assert.equal(backoffLimit, 0);
    assert.equal(template.spec["restartPolicy"], "Never");
    assert.deepEqual(template.spec["nodeSelector"], { "kubernetes.io/hostname": "interlink-slurm-node" });
    assert.deepEqual(template.spec["tolerations"], [{ key: "virtual-node.interlink/no-schedule", operator: "Exists" }]);
  });

  it("asks for what its ServiceAccount may do, with the resources of the upstream guide", async () => {
    const { containers, serviceAccountName, automountServiceAccountToken } = (await job()).spec.template.spec;
    assert.deepEqual(containers, [
      {
        name: "kubectl",
        image: "registry.k8s.io/kubectl:v1.34.1",
        command: ["kubectl", "auth", "can-i", "--list"],
        tty: true,
        resources: { requests: { cpu: "50m", memory: "100Mi" }, limits: { cpu: "1500m", memory: "2000Mi" } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      },
    ]);
    assert.deepEqual([serviceAccountName, automountServiceAccountToken], ["default", true]);
  });

  it("is admitted at the level restricted", async () => {
    assert.deepEqual((await job()).spec.template.spec["securityContext"], {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("says that its image comes from a registry, and takes further annotations and another root", async () => {
    assert.deepEqual((await job()).spec.template.metadata.annotations, { "slurm-job.vk.io/image-root": "docker://" });
    const annotations = { "slurm-job.vk.io/image-root": "/cvmfs/images/", "slurm-job.vk.io/flags": "--time=5" };
    assert.deepEqual((await job({ annotations })).spec.template.metadata.annotations, annotations);
  });
});
