import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import { layoutOf } from "../../local/controlPlane/layout";
import { fingerprint, kwokctlSettings } from "../../local/controlPlane/settings";
import { projectRoot } from "../../local/paths";
import type { Tool, Tools } from "../../local/toolchain/ensureTools";

const ports = { etcd: 1, etcdPeer: 2, apiServer: 3, controllerManager: 4, scheduler: 5, kwok: 6, egress: 8 };
const layout = layoutOf("/clone/.trustplane");

function tools(version = "1.0.0", folder = "/tools"): Tools {
  return new Proxy({} as Tools, {
    get: (_, name: string): object => ({ name, version, path: `${folder}/${name}` }) satisfies Partial<Record<keyof Tool, string>>,
  });
}

describe("kwokctlSettings", () => {
  it("binds everything to 127.0.0.1 and takes every executable from the toolchain, so that nothing is downloaded", () => {
    const { options } = kwokctlSettings(layout, tools(), ports) as { options: Record<string, unknown> };
    assert.equal(options["bindAddress"], "127.0.0.1");
    const binaries = Object.keys(options).filter((key) => key.endsWith("Binary") && key !== "kubectlBinary");
    assert.equal(binaries.length, 5);
    assert.ok(binaries.every((key) => String(options[key]).startsWith("/tools/")));
  });

  it("signs client certificates with the cluster's own CA", () => {
    const text = JSON.stringify(kwokctlSettings(layout, tools(), ports));
    assert.match(text, /"cluster-signing-key-file","value":"\/clone\/\.trustplane\/kwok\/clusters\/trustplane\/pki\/ca\.key"/);
  });
});

describe("fingerprint", () => {
  const usual = fingerprint(layout, tools(), ports);

  it("is the same for the same tools, ports and folder", () => {
    assert.equal(fingerprint(layout, tools(), { ...ports }), usual);
  });

  it("changes with a version, an executable's path, a port and the folder", () => {
    const others = [
      fingerprint(layout, tools("1.0.1"), ports),
      fingerprint(layout, tools("1.0.0", "/elsewhere"), ports),
      fingerprint(layout, tools(), { ...ports, kwok: 7 }),
      fingerprint(layout, tools(), { ...ports, egress: 7 }),
      fingerprint(layoutOf("/moved/.trustplane"), tools(), ports),
    ];
    assert.equal(new Set([usual, ...others]).size, 6);
  });
});

describe("objects.yaml", () => {
  const documents = parseAllDocuments(fs.readFileSync(path.join(projectRoot, "local/controlPlane/objects.yaml"), "utf8"));
  const objects = documents.map(
    (document) => document.toJS() as { kind: string; metadata: { name: string; annotations?: Record<string, string> } },
  );

  it("has three nodes and one default storage class", () => {
    assert.equal(objects.filter(({ kind }) => kind === "Node").length, 3);
    const defaults = objects.filter(({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true");
    assert.deepEqual(
      defaults.map(({ metadata }) => metadata.name),
      ["shared"],
    );
  });
});
