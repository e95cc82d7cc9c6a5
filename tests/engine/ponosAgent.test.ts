import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { certificateAuthority } from "../certificates";
import { ApiServerDouble, type Signer } from "./apiServerDouble";
import { PonosTestbed } from "./ponosTestbed";

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly [{ readonly command: string[]; readonly args: string[] }] } };
  };
  readonly status: { readonly succeeded?: number };
}

interface List<T> {
  readonly items: readonly T[];
}

const objects = "deployment,job,pvc,secret,configmap,serviceaccount,role,rolebinding";
const everything = ["configmap/my-ca-bundle", "deployment.apps/ponos-deployment", "persistentvolumeclaim/my-ca-bundle"]
  .concat(["persistentvolumeclaim/ponos-data", "role.rbac.authorization.k8s.io/ponos-rights"])
  .concat(["rolebinding.rbac.authorization.k8s.io/ponos-agent", "secret/ponos-config", "serviceaccount/ponos-agent"]);

const keptClaims = ["persistentvolumeclaim/my-ca-bundle", "persistentvolumeclaim/ponos-data"];

/** Verb, resource and namespace of a question to RBAC, and whether the agent may. */
const rights: readonly (readonly [string, string, string, boolean])[] = [
  ...["get", "list", "watch", "create"].map((verb) => [verb, "jobs.batch", "farm", true] as const),
  ...["get", "list", "watch", "create"].map((verb) => [verb, "jobs.batch/status", "farm", true] as const),
  ...["delete", "patch", "update", "deletecollection"].map((verb) => [verb, "jobs.batch", "farm", false] as const),
  ["list", "persistentvolumeclaims", "farm", true],
  ["list", "pods", "farm", true],
  ["get", "pods/log", "farm", true],
  ["get", "pods", "farm", false],
  ["create", "pods", "farm", false],
  ["create", "pods/exec", "farm", false],
  ["get", "secrets", "farm", false],
  ["list", "secrets", "farm", false],
  ["get", "configmaps", "farm", false],
  ["create", "persistentvolumeclaims", "farm", false],
  ["create", "jobs.batch", "default", false],
  ["list", "jobs.batch", "default", false],
  ["list", "pods", "kube-system", false],
  ["list", "nodes", "", false],
  ["list", "namespaces", "", false],
];

describe("PonosAgent on an API server", () => {
  let testbed: PonosTestbed;
  let old: Signer;
  let young: Signer;
  let firstJob: string;
  let firstPod: string;
  let claim: string;

  before(async () => {
    [old, young] = await Promise.all([certificateAuthority("old root"), certificateAuthority("new root")]);
    testbed = await PonosTestbed.create();
  });

  after(async () => {
    await testbed.dispose();
  });

  const job = async (): Promise<Job> => {
    const { items } = await testbed.get<List<Job>>("jobs");
    assert.equal(items.length, 1);
    return items[0] as Job;
  };
  const claimUid = (): Promise<string> =>
    testbed.cluster.kubectl(["-n", "farm", "get", "pvc", "ponos-data", "-o", "jsonpath={.metadata.uid}"]);
  const podUid = (): Promise<string> =>
    testbed.cluster.kubectl(["-n", "farm", "get", "pods", "-l", "name=ponos-agent", "-o", "jsonpath={.items[*].metadata.uid}"]);
  const bundle = async (): Promise<string> =>
    (await testbed.get<{ data: Record<string, string> }>("configmap", "my-ca-bundle")).data["ca-bundle.crt"] ?? "";

  it("comes up: the volume is filled, both claims are bound, one agent runs", async () => {
    await testbed.up({ certificates: old.certificate });
    const { metadata, status } = await job();
    firstJob = metadata.name;
    assert.deepEqual(await testbed.names(objects), [...everything, `job.batch/${firstJob}`].sort());
    assert.equal(status.succeeded, 1);
    for (const name of ["ponos-data", "my-ca-bundle"]) await testbed.cluster.reads(["-n", "farm", "pvc", name], ".status.phase", "Bound");
    firstPod = await podUid();
    claim = await claimUid();
    assert.match(firstPod, /^\S+$/);
  });

  it("is what the cluster has, and has nothing to change", async () => {
    assert.match(await testbed.refresh(), /the cluster is what the state says/);
    assert.match(await testbed.up({ certificates: old.certificate }), /nothing changed/);
  });

  it("gives the agent a file whose strings are those of the program, and shows the seed nowhere else", async () => {
    const { data } = await testbed.get<{ data: Record<string, string> }>("secret", "ponos-config");
    const text = Buffer.from(data["agent.yml"] ?? "", "base64").toString();
    const read = parse(text, { version: "1.1" }) as { seed: string; farm_id: string; kubernetes: { extra_environment: object } };
    assert.deepEqual([read.seed, read.farm_id], ["1234e56", "0123456"]);
    assert.deepEqual(read.kubernetes.extra_environment, {
      TRICKY: "no",
      AWS_CA_BUNDLE: "/ssl/ca-bundle.crt",
      REQUESTS_CA_BUNDLE: "/ssl/ca-bundle.crt",
    });
    const shown = await testbed.cluster.kubectl(["-n", "farm", "get", "deployment,job,configmap,pods", "-o", "json"]);
    for (const place of [shown, testbed.state()]) assert.ok(!place.includes("1234e56") && !place.includes(data["agent.yml"] ?? ""));
  });

  it("may do what upstream's role says, in its namespace, and nothing else", async () => {
    const wrong = await Promise.all(
      rights.map(async ([verb, resource, namespace, allowed]) => {
        const where = namespace === "" ? [] : ["-n", namespace];
        const [kind = "", subresource = ""] = resource.split("/");
        const options = [...where, "--as=system:serviceaccount:farm:ponos-agent", `--subresource=${subresource}`];
        const { output } = await testbed.cluster.run("kubectl", ["auth", "can-i", verb, kind, ...options]);
        return /^yes/m.test(output) === allowed ? [] : [`${verb} ${resource} ${namespace}: ${output}`];
      }),
    );
    assert.deepEqual(wrong.flat(), []);
  });

  it("fills the volume again by another Job when the CA is rotated, and rolls the agent", async () => {
    await testbed.up({ certificates: old.certificate + young.certificate, generations: [1, 2] });
    const { metadata, status } = await job();
    assert.notEqual(metadata.name, firstJob);
    assert.equal(status.succeeded, 1);
    assert.ok((await bundle()).startsWith(old.certificate + young.certificate));
    const annotation = ".metadata.annotations.trustplane\\.dev/generations";
    await testbed.cluster.reads(["-n", "farm", "configmap", "my-ca-bundle"], annotation, "1,2");
    assert.notEqual(await podUid(), firstPod);
    assert.equal(await claimUid(), claim);
  });

  it("writes, by the Job's own script, a bundle with which curl reaches servers of the old CA and of the new one", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ponos-volume-"));
    const [source, target] = [path.join(folder, "source"), path.join(folder, "ca-bundle.crt")];
    fs.writeFileSync(target, old.certificate);
    fs.writeFileSync(source, old.certificate);
    const [first = "sh", ...command] = (await job()).spec.template.spec.containers[0].command;
    const digest = (await job()).spec.template.spec.containers[0].args.at(-1) ?? "";
    const filling = spawn(first, [...command, source, target, digest], { stdio: "inherit" });
    const ended = once(filling, "exit");

    await stillWaiting(filling);
    assert.equal(fs.readFileSync(target, "utf8"), old.certificate, "copied a bundle that its node had not exchanged yet");
    const inode = fs.statSync(target).ino;
    fs.writeFileSync(source, await bundle());
    assert.deepEqual(await ended, [0, null]);

    assert.equal(fs.readFileSync(target, "utf8"), await bundle());
    assert.notEqual(fs.statSync(target).ino, inode, "the file was rewritten in place, so that a reader may find half of it");
    assert.equal(fs.statSync(target).mode & 0o777, 0o644);
    assert.deepEqual(fs.readdirSync(folder).sort(), ["ca-bundle.crt", "source"]);
    assert.deepEqual(await reached(target, old, young), ["seen", "seen"]);
    assert.deepEqual((await reached(target, await certificateAuthority("another CA")))[0]?.includes("SSL certificate problem"), true);
    fs.rmSync(folder, { recursive: true });
  });

  it("keeps both claims and their namespace on destroy, and nothing else, and says so", async () => {
    const printed = await testbed.destroy();
    const line = printed.split("\n").find((each) => each.startsWith("left on the cluster")) ?? "";
    const claims = ["ponos-ca-claim (farm/my-ca-bundle)", "ponos-data (farm/ponos-data)"];
    for (const name of ["NamespacePatch ponos-namespace (farm)", ...claims.map((each) => `PersistentVolumeClaimPatch ${each}`)])
      assert.ok(line.includes(name), line);
    assert.match(printed, /nothing of stack one is left/);
    assert.deepEqual(await testbed.names(`${objects},pods`), keptClaims);
    assert.equal(await claimUid(), claim);
  });

  it("takes up the volume that a destroy has kept", async () => {
    await testbed.up({ certificates: young.certificate, generations: [2], protect: true });
    assert.equal(await claimUid(), claim);
    await testbed.cluster.reads(["-n", "farm", "pvc", "ponos-data"], ".status.phase", "Bound");
    assert.match(await testbed.up({ certificates: young.certificate, generations: [2], protect: true }), /nothing changed/);
  });

  it("names what is protected, and keeps it in the state", async () => {
    const printed = await testbed.destroy();
    assert.match(printed, /ponos-data \(protected\)/);
    assert.match(printed, /ponos-namespace \(protected\)/);
    assert.match(printed, /left on the cluster, [^:]*: \S+ ponos-ca-claim \(farm\/my-ca-bundle\)\. /);
    assert.deepEqual(await testbed.names(objects), keptClaims);
  });
});

/** Time enough to copy a file ten times over. */
async function stillWaiting(process: ChildProcess): Promise<void> {
  await sleep(1500);
  assert.equal(process.exitCode, null);
}

/** What curl says of a server of each CA, when the file is all that it trusts. */
async function reached(bundle: string, ...signers: readonly Signer[]): Promise<readonly string[]> {
  return Promise.all(
    signers.map(async (signer) => {
      const server = await ApiServerDouble.start("s3.example.org", signer);
      const at = `s3.example.org:${server.port}`;
      const args = ["-sS", "--noproxy", "*", "--cacert", bundle, "--resolve", `${at}:127.0.0.1`, `https://${at}/`];
      const said = await new Promise<string>((resolve) => {
        execFile("curl", args, (_error, stdout, stderr) => {
          resolve(stdout + stderr);
        });
      });
      await server.stop();
      return said;
    }),
  );
}
