import assert from "node:assert/strict";
import * as fs from "node:fs";
import { packNames, packs } from "../../policies/packs";
import { documentationFile, documentationText } from "../../policies/writeDocumentation";

/** The checks of the Pod Security Standards, v1.36, by the names of the API server's own. */
const checks = {
  baseline: [
    "appArmorProfile",
    "capabilities_baseline",
    "hostNamespaces",
    "hostPathVolumes",
    "hostPorts",
    "hostProbesAndHostLifecycle",
    "privileged",
    "procMount",
    "seLinuxOptions",
    "seccompProfile_baseline",
    "sysctls",
    "windowsHostProcess",
  ],
  restricted: [
    "allowPrivilegeEscalation",
    "capabilities_restricted",
    "restrictedVolumes",
    "runAsNonRoot",
    "runAsUser",
    "seccompProfile_restricted",
  ],
};

const rules = packNames.flatMap((name) => packs[name]);

describe("the list of rules", () => {
  it("is what docs/policies.md says; npm run policy-docs writes it again", async () => {
    assert.equal(fs.readFileSync(documentationFile, "utf8"), await documentationText());
  });

  it("has every check of the Pod Security Standards, and names no other", () => {
    const named = rules.flatMap(({ frameworks }) => frameworks.filter(({ name }) => name === "Pod Security Standards"));
    const expected = Object.entries(checks).flatMap(([level, names]) => names.map((name) => `${level}: ${name}`));
    assert.deepEqual([...new Set(named.map(({ reference }) => reference))].sort(), expected.sort());
    assert.deepEqual([...new Set(named.map(({ version }) => version))], ["v1.36"]);
  });

  it("names each rule once, by what it does", () => {
    const names = rules.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      names.filter((name) => !/^(disallow|require|limit)-[a-z]+(-[a-z]+)*$/.test(name)),
      [],
    );
  });

  it("says of each what to do and who asks for it", () => {
    const silent = rules.filter(({ remediation, frameworks, title }) => remediation.length * frameworks.length * title.length === 0);
    assert.deepEqual(silent, []);
  });
});
