import * as assert from "node:assert/strict";
import { diffConfig } from "../../local/plugins/kubernetes/diffConfig";
import type { DiffRequest, JsonObject } from "../../local/plugins/server/provider";

const kubeconfig = (server: string, name = "one"): string =>
  [
    `clusters: [{name: ${name}, cluster: {server: "${server}"}}]`,
    `users: [{name: ${name}, user: {token: t}}]`,
    `contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]`,
    `current-context: ${name}`,
  ].join("\n");

const request = (oldInputs: JsonObject, newInputs: JsonObject): DiffRequest => ({
  urn: "urn:pulumi:dev::p::pulumi:providers:kubernetes::k",
  type: "pulumi:providers:kubernetes",
  name: "k",
  id: "1",
  oldInputs,
  oldState: oldInputs,
  newInputs,
  ignoreChanges: [],
});

const here = "https://127.0.0.1:6443";
const there = "https://127.0.0.1:7443";

describe("diffConfig", () => {
  it("replaces everything when the kubeconfig leads to another server", () => {
    const diff = diffConfig(request({ kubeconfig: kubeconfig(here) }, { kubeconfig: kubeconfig(there) }));
    assert.deepEqual(diff, { changes: true, diffs: ["kubeconfig"], replaces: ["kubeconfig"] });
  });

  it("replaces nothing when only names in the kubeconfig change", () => {
    const diff = diffConfig(request({ kubeconfig: kubeconfig(here) }, { kubeconfig: kubeconfig(here, "two") }));
    assert.deepEqual(diff.replaces, []);
  });

  it("replaces nothing when the cluster identifier stays, whatever the kubeconfig", () => {
    const inputs = (server: string): JsonObject => ({ clusterIdentifier: "main", kubeconfig: kubeconfig(server) });
    assert.deepEqual(diffConfig(request(inputs(here), inputs(there))).replaces, []);
  });

  it("replaces everything when the cluster identifier changes", () => {
    const inputs = (clusterIdentifier: string): JsonObject => ({ clusterIdentifier, kubeconfig: kubeconfig(here) });
    assert.deepEqual(diffConfig(request(inputs("a"), inputs("b"))).replaces, ["clusterIdentifier"]);
  });

  it("names the line of a kubeconfig that is no YAML", () => {
    assert.throws(
      () => diffConfig(request({ kubeconfig: kubeconfig(here) }, { kubeconfig: "nonsense: [" })),
      /failed to parse kubeconfig: yaml: line 1/,
    );
  });
});
