import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Deployment, StateResource } from "../../automation/deployment";
import { OperationRecord } from "../../automation/operationRecord";
import { lostCreates, pendingCreates, takeForCreated } from "../../automation/pendingCreates";
import { Unsettled } from "../../automation/unsettled";
import type { OpenStack } from "../../automation/workspace";

const mapType = "kubernetes:core/v1:ConfigMap";
const secretMark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function resource(name: string, metadata: Readonly<Record<string, unknown>>, type = mapType): StateResource {
  return { urn: `urn:pulumi:lab::trustplane::${type}::${name}`, type, inputs: { metadata } };
}

const creating = (created: StateResource) => ({ type: "creating", resource: created });

describe("pending creations", () => {
  const named = resource("map", { name: "map-1a2b", namespace: "farm" });
  const state: Deployment = {
    resources: [resource("old", { name: "old" })],
    pending_operations: [
      creating(named),
      creating(resource("farm", { name: "farm" }, "kubernetes:core/v1:Namespace")),
      { type: "updating", resource: resource("old", { name: "old" }) },
      // of these nobody knows an id, or may say it again
      creating(resource("key", {}, "tls:index/privateKey:PrivateKey")),
      creating(resource("chart", { name: "chart" }, "kubernetes:helm.sh/v3:Release")),
      creating(resource("labels", { name: "worker-a" }, "kubernetes:core/v1:NodePatch")),
      creating(resource("hidden", { name: secretMark })),
      creating(resource("old", { name: "old-new" })),
    ],
  };

  it("are known by the names of their objects, where only a new object could have them", () => {
    assert.deepEqual(
      pendingCreates(state).map(({ id }) => id),
      ["farm/map-1a2b", "farm"],
    );
  });

  it("are imported below their parents, by their providers, as they stand there, by one command, which locks the state", async () => {
    const workDir = fs.mkdtempSync(path.join(os.tmpdir(), "import-"));
    const inputs = { ...named.inputs, data: { a: { ...secretMark, ciphertext: "v1:x" } } };
    const create = { ...named, inputs, id: "farm/map-1a2b", parent: "urn:farm", provider: "urn:cluster::4-5" };
    const commands: unknown[] = [];
    const runIn = (place: { readonly workDir: string }, [command, , file = "", ...rest]: readonly string[]) => {
      assert.equal(fs.statSync(place.workDir).mode & 0o777, 0o700);
      assert.equal(fs.readFileSync(path.join(place.workDir, "Pulumi.yaml"), "utf8"), "name: trustplane\n");
      assert.equal(fs.readFileSync(path.join(place.workDir, "Pulumi.lab.yaml"), "utf8"), "encryptionsalt: v1\n");
      commands.push([command, JSON.parse(fs.readFileSync(file, "utf8")), rest]);
      return Promise.resolve();
    };
    fs.writeFileSync(path.join(workDir, "Pulumi.yaml"), "name: trustplane\nruntime: { name: nodejs }\nmain: index.ts\n");
    fs.writeFileSync(path.join(workDir, "Pulumi.lab.yaml"), "encryptionsalt: v1\n");
    await takeForCreated({ name: "lab", stack: { workspace: { workDir } }, engine: { runIn } } as unknown as OpenStack, [create]);
    const nameTable = { "urn:farm": "urn:farm", "urn:cluster": "urn:cluster" };
    const place = { name: "map", id: "farm/map-1a2b", parent: "urn:farm", provider: "urn:cluster" };
    const options = ["--stack", "lab", "--protect=false", "--generate-code=false", "--skip-preview", "--yes"];
    assert.deepEqual(commands, [["import", { nameTable, resources: [{ type: mapType, ...place, inputs, outputs: inputs }] }, options]]);
    assert.deepEqual(fs.readdirSync(workDir), ["Pulumi.lab.yaml", "Pulumi.yaml"]);
    fs.rmSync(workDir, { recursive: true });
  });

  describe("without an answer", () => {
    const data = { plain: "a", secret: secretMark };

    /** An operation in which the creation of a ConfigMap fails. */
    function failed(message: string): OperationRecord {
      const record = new OperationRecord();
      const { urn, type, inputs } = named;
      const metadata = {
        op: "create",
        urn,
        type,
        new: { urn, type, inputs: { ...inputs, data }, parent: "urn:parent", provider: "urn:p::id" },
      };
      record.take({ diagnosticEvent: { urn, message, severity: "error" } } as unknown as EngineEvent);
      record.take({ resOpFailedEvent: { metadata } } as unknown as EngineEvent);
      return record;
    }

    it("are kept with all that is no secret; an error that the provider answered is none of them", () => {
      const [lost, ...others] = lostCreates(failed("error reading from server: EOF"));
      assert.deepEqual(others, []);
      assert.deepEqual(lost?.inputs, { ...named.inputs, data: { plain: "a" } });
      assert.deepEqual([lost.id, lost.custom, lost.parent, lost.provider], ["farm/map-1a2b", true, "urn:parent", "urn:p::id"]);
      assert.deepEqual(lostCreates(failed('configmaps "map" already exists')), []);
    });

    for (const reason of ["context canceled", "read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer", "unexpected EOF", "EOF"])
      it(`are those too whose provider had none of the API server's: ${reason}`, () => {
        const error = `resource "${named.urn}" was not successfully created by the Kubernetes API server: Post "https://127.0.0.1:2/api": ${reason}`;
        assert.equal(lostCreates(failed(`1 error occurred:\n\t* ${error}\n\n`)).length, 1);
      });

    it("are kept from run to run until they are settled, for their owner alone", () => {
      const workDir = fs.mkdtempSync(path.join(os.tmpdir(), "unsettled-"));
      const unsettled = new Unsettled({ stack: { workspace: { workDir } } } as unknown as OpenStack);
      unsettled.add(failed('configmaps "map" already exists'));
      assert.equal(unsettled.read(), undefined);
      unsettled.add(failed("transport is closing"));
      unsettled.add(failed("transport is closing"));
      assert.deepEqual(
        unsettled.read()?.map(({ id }) => id),
        ["farm/map-1a2b", "farm/map-1a2b"],
      );
      assert.equal(fs.statSync(path.join(workDir, "unsettled.json")).mode & 0o777, 0o600);
      unsettled.clear();
      assert.equal(unsettled.read(), undefined);
      fs.rmSync(workDir, { recursive: true });
    });
  });
});
