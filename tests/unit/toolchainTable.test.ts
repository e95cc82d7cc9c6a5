import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { hostToolchain } from "../../local/toolchain/toolchain";
import { toolTable } from "../../local/toolchain/toolTable";
import { isInRange } from "../../local/toolchain/versionRange";

const moduleOf: Readonly<Record<string, string>> = {
  pulumi: "github.com/pulumi/pulumi/pkg/v3",
  etcd: "go.etcd.io/etcd/server/v3",
  kubernetes: "k8s.io/kubernetes",
  kwok: "sigs.k8s.io/kwok",
  helm: "helm.sh/helm/v3",
  "cert-manager": "github.com/cert-manager/cert-manager",
  distribution: "github.com/distribution/distribution/v3",
  "go-containerregistry": "github.com/google/go-containerregistry",
};

describe("toolTable", () => {
  const { modules } = hostToolchain();
  const releases = toolTable.flatMap(({ name, version, releases: all = {} }) => {
    return Object.values(all).flatMap((release) => (release === undefined ? [] : [{ name, version, release }]));
  });

  it("has each tool once", () => {
    const names = toolTable.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    assert.equal(names.length, 14);
  });

  it("accepts on PATH the version that it downloads and builds", () => {
    for (const { name, version, onPath } of toolTable) assert.ok(onPath === undefined || isInRange(version, onPath.fits), name);
  });

  it("builds the version that it names", () => {
    for (const { name, version, go } of toolTable) {
      if (go === undefined) continue;
      const text = fs.readFileSync(path.join(modules, go.module.folder, "go.mod"), "utf8");
      assert.ok(text.includes(`${moduleOf[go.module.folder] ?? ""} v${version}`), `${name} ${version}`);
      const sets = go.module.variables?.find((variable) => /(version\.(Version|gitVersion|version)|cmd\.Version)=/.test(variable));
      assert.ok(sets === undefined || sets.endsWith(`=${version}`) || sets.endsWith(`=v${version}`), sets);
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

  it("pins the checksum of everything but what is named here", () => {
    const published = releases.flatMap(({ release }) => ("pinned" in release.checksum ? [] : [path.posix.basename(release.url)]));
    const kubernetes = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    assert.deepEqual(published, ["etcd-v3.6.6-linux-arm64.tar.gz", ...kubernetes.flatMap((name) => [name, name])]);
  });
});
