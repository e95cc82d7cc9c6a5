import assert from "node:assert/strict";
import { compare } from "bcryptjs";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../deployment";
import { madeHash, registry } from "./imageRegistryFixture";

type Changes = Parameters<typeof registry>[0];

/** Hashes by their users. */
async function htpasswd(changes: Changes): Promise<Readonly<Record<string, string>>> {
  const { data } = (await registry(changes)).get("registry-users").inputs as { data: Record<string, string> };
  const lines = Buffer.from(data["htpasswd"] ?? "", "base64")
    .toString()
    .split("\n");
  return Object.fromEntries(lines.filter((line) => line !== "").map((line) => line.split(/:(.*)/).slice(0, 2) as [string, string]));
}

describe("ImageRegistry's users", () => {
  it("are those whose passwords are made, given, and known to nobody here", async () => {
    const users = await htpasswd({ users: ["cluster", "ci"], givenPasswords: { ops: "hunter2" }, htpasswd: "guest:$2y$05$abc\n" });
    assert.deepEqual(Object.keys(users), ["cluster", "ci", "ops", "guest"]);
    assert.deepEqual([users["cluster"], users["guest"]], [madeHash, "$2y$05$abc"]);
  });

  it("log in with the passwords that were given", async () => {
    const { ops = "", dev = "" } = await htpasswd({ givenPasswords: { ops: "hunter2", dev: "hunter2" } });
    assert.match(ops, /^\$2b\$10\$[./A-Za-z0-9]{53}$/);
    assert.ok(await compare("hunter2", ops));
    assert.ok(!(await compare("hunter3", ops)));
    assert.notEqual(ops, dev);
  });

  it("have the same hashes at each update until a password changes", async () => {
    const first = await htpasswd({ givenPasswords: { ops: "hunter2", dev: "one" } });
    assert.deepEqual(await htpasswd({ givenPasswords: { dev: "one", ops: "hunter2" } }), first);
    const changed = await htpasswd({ givenPasswords: { ops: "hunter2", dev: "two" } });
    assert.equal(changed["ops"], first["ops"]);
    assert.notEqual(changed["dev"], first["dev"]);
  });

  it("may log in for pods with a given password, which no output tells", async () => {
    const pullSecrets = { name: "image-registry", user: "ops", namespaces: ["default"] };
    const deployment = await registry({ users: [], givenPasswords: pulumi.secret({ ops: "hunter2" }), pullSecrets });
    const { data } = deployment.get("registry-pull-secret-default").inputs as { data: Record<string, string> };
    assert.match(Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString(), /"password":"hunter2"/);
    assert.deepEqual(await resolved(deployment.result.registryPasswords as never), {});
  });
});
