import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { hostToolchain } from "../../local/toolchain/toolchain";
import { officialProvider, testedTools, toolTable } from "../../local/toolchain/toolTable";
import { isInRange } from "../../local/toolchain/versionRange";

/** The module of a program whose package is one of this project. */
const wrapped: Readonly<Record<string, string>> = { "cert-manager": "github.com/cert-manager/cert-manager" };

describe("toolTable", () => {
  const { modules } = hostToolchain();
  const releases = toolTable.flatMap(({ name, version, releases: all = {} }) => {
    return Object.values(all).flatMap((release) => (release === undefined ? [] : [{ name, version, release }]));
  });

  it("has each tool once", () => {
    const names = toolTable.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    assert.deepEqual(testedTools, names.slice(0, -1));
  });

  it("accepts on PATH the version that it downloads and builds", () => {
    for (const { name, version, onPath } of toolTable) assert.ok(onPath === undefined || isInRange(version, onPath.fits), name);
  });

  it("builds the version that it names", () => {
    for (const { name, version, go } of toolTable) {
      if (go === undefined) continue;
      const built = fs.readFileSync(path.join(modules, go.module.folder, "go.mod"), "utf8");
      const required = built.split("\n").map((line) => line.trim().split(" "));
      const found = required.find(([module = "", at]) => at !== undefined && `${wrapped[name] ?? go.package}/`.startsWith(`${module}/`));
      if (name === officialProvider) assert.ok(go.module.variables?.[0]?.endsWith(`.Version=${version}`));
      else assert.equal(found?.[1], `v${version}`, name);
    }
  });

  it("downloads over HTTPS only, the version that it names, with a checksum for each", () => {
    assert.equal(releases.length, 18);
    for (const { name, version, release } of releases) {
      assert.match(release.url, /^https:\/\//);
      assert.ok(release.url.includes(version), `${name}: ${release.url}`);
      if ("pinned" in release.checksum) assert.match(release.checksum.pinned, /^[0-9a-f]{64}$/);
      else assert.match(release.checksum.publishedAt, new RegExp(`^https://${new URL(release.url).host}/`));
    }
  });

  it("pins the checksums that could be learnt, and reads the others from the publisher's own list", () => {
    const pinned = releases.filter(({ release }) => "pinned" in release.checksum).map(({ name }) => name);
    assert.deepEqual([...new Set(pinned)], ["kubectl", "kwok", "kwokctl"]);
  });
});
