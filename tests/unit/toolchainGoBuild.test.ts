import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { GoModule, ToolSpec } from "../../local/toolchain/toolSpec";
import { ToolsUnobtainable } from "../../local/toolchain/toolsUnobtainable";
import { closeFixture, openFixture, recordProgress, writeScript, type Fixture } from "./toolchainFixture";

/** A Go that notes what it builds, takes a moment, and makes a script of each package that it is told to build. */
const fakeGo = `
if [ "$1" = env ]; then echo "$GO_ANSWER"; exit 0; fi
if [ "$1" = list ]; then printf "go: downloading example.com/other v1.0.0\\nexample.com/compiled\\nexample.com/other\\n"; exit 0; fi
if [ "$1" = mod ]; then echo "{ \\"Dir\\": \\"/modules/$4\\" }"; exit 0; fi
echo "$(basename "$PWD") $*" >> "$GO_LOG"
if [ -n "$GO_ERROR" ] && [ "$(basename "$PWD")" = etcd ]; then printf "k8s.io/api/core/v1\\n$GO_ERROR\\n" >&2; exit 1; fi
while [ "$1" != -o ]; do shift; done
out=$2; shift 2
sleep 0.3
for package in "$@"; do
  case $package in */v[0-9]) name=$(basename "$(dirname "$package")");; *) name=$(basename "$package");; esac
  file=$out$name
  echo "example.com/compiled" >&2
  printf "#!/bin/sh\\necho built\\n" > "$file"; chmod +x "$file"
done`;

describe("buildGoTools", () => {
  const kubernetes: GoModule = {
    folder: "kubernetes",
    variables: ["example.com/version.gitVersion=v1.36.3", "example.com/version.gitMinor=36"],
  };
  const tool = (name: ToolSpec["name"], module: GoModule, goPackage: string): ToolSpec => {
    return { name, version: "1.36.3", licence: "", go: { module, package: goPackage } };
  };
  const table = [
    tool("kubectl", kubernetes, "example.com/cmd/kubectl"),
    tool("kube-apiserver", kubernetes, "example.com/cmd/kube-apiserver"),
    tool("etcd", { folder: "etcd" }, "example.com/server/v3"),
    tool("cert-manager", { folder: "own" }, "./cert-manager"),
    tool("crane", { folder: "own", copies: { module: "example.com/files", files: { "crane/a.json": "b.json" } } }, "./crane"),
  ];
  let fixture: Fixture;
  let log: string;

  beforeEach(async () => {
    fixture = await openFixture(table);
    log = path.join(fixture.folder, "go.log");
    Object.assign(fixture.env, { GO_LOG: log, GO_ANSWER: "go1.26.8\nlocal" });
    await writeScript(path.join(fixture.bin, "go"), fakeGo);
    for (const folder of ["kubernetes", "etcd", "own"]) {
      await fs.mkdir(path.join(fixture.modules, folder));
      await fs.writeFile(path.join(fixture.modules, folder, "go.mod"), `module example.com/${folder}\n\ngo 1.26.0\n`);
    }
  });
  afterEach(() => closeFixture(fixture));

  async function calls(): Promise<string[]> {
    return (await fs.readFile(log, "utf8")).trim().split("\n");
  }

  it("builds the tools of one module together, each under its own name", async () => {
    const tools = await ensureTools(["kubectl", "kube-apiserver", "etcd"], silentProgress, fixture);
    assert.deepEqual(
      [tools.kubectl, tools.etcd].map(({ origin, path: file }) => [origin, path.basename(file)]),
      [
        ["go module", "kubectl"],
        ["go module", "etcd"],
      ],
    );
    const flags = `build -v -trimpath -mod=readonly -buildvcs=false -p ${String(os.availableParallelism())} -ldflags -s -w`;
    const variables = " -X example.com/version.gitVersion=v1.36.3 -X example.com/version.gitMinor=36";
    const builds = path.join(fixture.cache, ".builds");
    assert.deepEqual(await calls(), [
      `kubernetes ${flags}${variables} -o ${builds}/kubernetes/ example.com/cmd/kubectl example.com/cmd/kube-apiserver`,
      `etcd ${flags} -o ${builds}/etcd/ example.com/server/v3`,
    ]);
  });

  it("builds only the tools that are missing, and says what it is doing and how many are left", async () => {
    await ensureTools(["kubectl"], silentProgress, fixture);
    const progress = recordProgress();
    const tools = await ensureTools(["kubectl", "kube-apiserver"], progress, fixture);
    assert.deepEqual([tools.kubectl.origin, tools["kube-apiserver"].origin], ["cache", "go module"]);
    assert.match((await calls())[1] ?? "", /\/kubernetes\/ example\.com\/cmd\/kube-apiserver$/);
    assert.deepEqual(
      progress.told.map((line) => line.replace(/[\d.]+ s left/, "N s left")),
      [
        "tools: kube-apiserver",
        "downloading Go modules",
        "downloading Go modules, 1 so far",
        "building from the Go module, 2 packages",
        "building from the Go module, 42 %, about N s left",
        "tools: kube-apiserver (go module)",
      ],
    );
  });

  it("builds a program of this project again when its source changes", async () => {
    const source = path.join(fixture.modules, "own", "cert-manager", "main.go");
    await fs.mkdir(path.dirname(source));
    await fs.writeFile(source, "package main");
    const first = await ensureTools(["cert-manager"], silentProgress, fixture);
    await fs.writeFile(source, "package main // changed");
    const second = await ensureTools(["cert-manager"], silentProgress, fixture);
    assert.deepEqual([second["cert-manager"].origin, (await calls()).length], ["go module", 2]);
    assert.notEqual(first["cert-manager"].path, second["cert-manager"].path);
  });

  it("tells Go where the files of other modules are that a program embeds", async () => {
    await fs.mkdir(path.join(fixture.modules, "own", "crane"));
    await ensureTools(["crane"], silentProgress, fixture);
    assert.match((await calls())[0] ?? "", /^own build -v -trimpath -mod=readonly -overlay \S+\/own\/overlay\.json /);
  });

  it("does not begin what the machine has no memory for", async () => {
    const huge = tool("kwok", { folder: "etcd", gibibytes: 1_000_000 }, "example.com/kwok");
    await assert.rejects(
      ensureTools(["kwok"], silentProgress, { ...fixture, table: [huge] }),
      /go module: linking it takes 1000000 GiB of memory, and this machine has \d/,
    );
  });

  it("lets two runs at once build each tool once", async () => {
    const waiting = recordProgress();
    const [first, second] = await Promise.all([ensureTools(["etcd"], silentProgress, fixture), ensureTools(["etcd"], waiting, fixture)]);
    assert.equal(first.etcd.path, second.etcd.path);
    assert.deepEqual([first.etcd.origin, second.etcd.origin].sort(), ["cache", "go module"]);
    assert.equal((await calls()).length, 1);
  });

  it("goes on after an interrupted run, whose remains go", async () => {
    await ensureTools(["kubectl"], silentProgress, fixture);
    for (const folder of ["etcd/.partial-Zx81", ".builds/etcd"]) {
      await writeScript(path.join(fixture.cache, folder, "etcd"), "echo half a program");
    }
    const tools = await ensureTools(["kubectl", "etcd"], silentProgress, fixture);
    assert.deepEqual([tools.kubectl.origin, tools.etcd.origin], ["cache", "go module"]);
    assert.match(await fs.readFile(tools.etcd.path, "utf8"), /echo built/);
    assert.deepEqual(await fs.readdir(path.join(fixture.cache, "etcd")), ["1.36.3-linux-amd64"]);
    assert.deepEqual(await fs.readdir(path.join(fixture.cache, ".builds")), []);
  });

  it("does not build with a Go that is too old, unless that Go fetches a newer one", async () => {
    fixture.env.GO_ANSWER = "go1.25.3\nlocal";
    await assert.rejects(
      ensureTools(["etcd"], silentProgress, fixture),
      /go module: Go 1\.25\.3 is too old \(1\.26\.0 or newer is needed\)/,
    );
    fixture.env.GO_ANSWER = "go1.20.14\nauto";
    await assert.rejects(ensureTools(["etcd"], silentProgress, fixture), /go module: Go 1\.20\.14 is too old/);
    fixture.env.GO_ANSWER = "go1.25.3\nauto";
    assert.equal((await ensureTools(["etcd"], silentProgress, fixture)).etcd.origin, "go module");
  });

  it("tells what Go said, and obtains the other tools all the same", async () => {
    fixture.env.GO_ERROR = "go: example.com/server: dial tcp: connection refused";
    const error: unknown = await ensureTools(["etcd", "kubectl"], silentProgress, fixture).catch((reason: unknown) => reason);
    const expected = `go module: go build in ${fixture.modules}/etcd failed: go: example.com/server: dial tcp: connection refused\n`;
    assert.ok(error instanceof ToolsUnobtainable);
    assert.ok(error.message.includes(expected), error.message);
    assert.deepEqual(Object.keys(error.found), ["kubectl"]);
  });
});
