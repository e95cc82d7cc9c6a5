import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stackJsonSchema } from "../../config/jsonSchema";

const root = path.resolve(__dirname, "../..");

describe("stackJsonSchema", () => {
  it("is what stands in config/stack.schema.json; if not, run `npm run schema`", () => {
    assert.equal(fs.readFileSync(path.join(root, "config/stack.schema.json"), "utf8"), stackJsonSchema());
  });

  it("is named by every stack's file", () => {
    const stacks = fs.readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    assert.ok(stacks.includes("Pulumi.dev.yaml") && stacks.includes("Pulumi.prod.yaml"));
    for (const stack of stacks) {
      assert.match(fs.readFileSync(path.join(root, stack), "utf8"), /^# yaml-language-server: \$schema=config\/stack\.schema\.json\n/);
    }
  });

  it("lets a key of another namespace stand and refuses an unknown one of this", () => {
    const schema = JSON.parse(stackJsonSchema()) as {
      properties: { config: { propertyNames: { anyOf: [{ enum: string[] }, { not: { pattern: string } }] } } };
    };
    const [known, others] = schema.properties.config.propertyNames.anyOf;
    assert.deepEqual(known.enum, [
      "trustplane:cluster",
      "trustplane:platform",
      "trustplane:policies",
      "trustplane:certificateAuthority",
      "trustplane:certManager",
      "trustplane:ingressNginx",
      "trustplane:interlink",
      "trustplane:ponos",
      "trustplane:plexus",
      "trustplane:geocube",
      "trustplane:workers",
      "trustplane:certificateAuthorityKey",
      "trustplane:ponosSeed",
      "trustplane:plexusCertificateAuthorityKey",
      "trustplane:geocubeDatabaseConnection",
      "trustplane:geocubeGoogleCredentials",
      "trustplane:geocubeAwsCredentials",
      "trustplane:workersRegistryUsers",
      "trustplane:workersRegistryHtpasswd",
      "trustplane:workersRegistryLogins",
    ]);
    assert.ok(new RegExp(others.not.pattern).test("trustplane:certManger"));
    assert.ok(!new RegExp(others.not.pattern).test("pulumi:disable-default-providers"));
  });
});
