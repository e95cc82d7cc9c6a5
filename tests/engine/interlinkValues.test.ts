import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import * as path from "node:path";
import { parse } from "yaml";
import { interlinkValues } from "../../components/interlink/helmValues";
import { projectRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { selfSignedRoot } from "../certificates";
import { certificates } from "./chains";

/** What the virtual kubelet reads of its configuration. */
interface VirtualKubeletConfig {
  readonly KubernetesApiAddr?: unknown;
  readonly KubernetesApiPort?: unknown;
  readonly KubernetesApiCaCrt?: string;
  readonly VerboseLogging?: unknown;
}

const charts = ["old", "broken", "repaired"] as const;

describe("interlinkValues in the virtual node's charts", () => {
  let helm: string;
  let first: string;
  let second: string;

  before(async () => {
    helm = (await ensureTools(["helm"], silentProgress)).helm.path;
    [first, second] = await Promise.all([selfSignedRoot("edge CA 1"), selfSignedRoot("edge CA 2")]);
  });

  function configuration(chart: string, values: string): VirtualKubeletConfig {
    const args = ["template", "node", path.join(projectRoot, "tests", "charts", chart), "--values", "-"];
    const { data } = parse(execFileSync(helm, args, { input: values, encoding: "utf8" })) as { data: Record<string, string> };
    return parse(data["InterLinkConfig.yaml"] ?? "") as VirtualKubeletConfig;
  }

  const fingerprints = (pem: string): readonly string[] => certificates(pem).map((each) => new X509Certificate(each).fingerprint256);

  for (const chart of charts) {
    it(`gives the ${chart} indentation the same one certificate`, () => {
      const { KubernetesApiCaCrt } = configuration(chart, interlinkValues({ address: "192.0.2.7", port: "60443", caBundle: first }));
      assert.equal(KubernetesApiCaCrt?.trim(), first.trim());
      assert.deepEqual(fingerprints(KubernetesApiCaCrt), [new X509Certificate(first).fingerprint256]);
    });

    it(`gives the ${chart} indentation the same two certificates, in their order`, () => {
      const { KubernetesApiCaCrt = "" } = configuration(
        chart,
        interlinkValues({ address: "192.0.2.7", port: "60443", caBundle: first + second }),
      );
      assert.deepEqual(
        fingerprints(KubernetesApiCaCrt),
        [first, second].map((root) => new X509Certificate(root).fingerprint256),
      );
    });

    it(`gives the ${chart} indentation address, port and the silence about tokens, without a CA where there is none`, () => {
      assert.deepEqual(configuration(chart, interlinkValues({ address: "api.example.org", port: "6443", caBundle: "" })), {
        KubernetesApiAddr: "api.example.org",
        KubernetesApiPort: "6443",
        VerboseLogging: false,
      });
    });
  }

  it("is needed: the broken indentation of a plain PEM is no YAML", () => {
    const interlink = { kubernetesApiCaCrt: first, logging: {} };
    assert.throws(() => configuration("broken", JSON.stringify({ interlink })), { name: "YAMLParseError" });
  });

  it("is needed: the boolean false is taken for absent, and tokens would be logged", () => {
    assert.equal(configuration("repaired", JSON.stringify({ interlink: { logging: { verboseLogging: false } } })).VerboseLogging, true);
  });
});
