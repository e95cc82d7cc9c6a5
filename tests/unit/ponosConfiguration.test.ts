import assert from "node:assert/strict";
import { parse } from "yaml";
import { type AgentSettings, agentConfiguration } from "../../components/ponos/agentConfiguration";
import { agent, caBundle } from "./ponosFixture";

/** Seeds that YAML would read as something else, or not at all, if they stood there without quotes. */
const nasty = [
  "1234567890",
  "0123",
  "1234e56",
  "1e5",
  ".5",
  "0x1F",
  "0o17",
  "0b11",
  "1_000",
  "12:30:45",
  "2026-11-21",
  ".inf",
  "no",
  "Yes",
  "true",
  "off",
  "y",
  "null",
  "~",
  "",
  " padded ",
  '"',
  "'",
  "\\",
  "\\n",
  "a: b",
  "a #b",
  "- a",
  "!tag",
  "&anchor",
  "*alias",
  "{a: 1}",
  "[a]",
  "|",
  ">",
  "%TAG",
  "@",
  "`",
  "---",
  "...",
  "$HOME",
  "schlüssel",
  "鍵",
  "🗝",
  "\u2028",
  "</script>",
];

const place = { seed: "5eed", namespace: "default", claimName: "ponos-data" };
const settings: AgentSettings = { url: "https://a.example.org", farmId: "f", dataDir: "/data", extraEnvironment: {}, extraVolumes: [] };

function read(text: string, version: "1.1" | "1.2" = "1.2"): Record<string, unknown> {
  return parse(text, { version }) as Record<string, unknown>;
}

describe("agent.yml", () => {
  for (const version of ["1.1", "1.2"] as const) {
    it(`gives back every seed, farm and value of a variable as it was written, by YAML ${version}`, () => {
      for (const text of nasty) {
        const given = { ...settings, farmId: text, extraEnvironment: { TOKEN: text } };
        const { seed, farm_id, kubernetes } = read(agentConfiguration(given, { ...place, seed: text }), version);
        assert.deepEqual([seed, farm_id, (kubernetes as { extra_environment: unknown }).extra_environment], [text, text, { TOKEN: text }]);
      }
    });
  }

  it("says no more than what upstream's example says, where nothing is set", () => {
    assert.deepEqual(read(agentConfiguration(settings, place)), {
      url: "https://a.example.org",
      farm_id: "f",
      seed: "5eed",
      data_dir: "/data",
      kubernetes: { pvc_name: "ponos-data", namespace: "default", extra_volumes: [], extra_environment: {} },
    });
  });

  it("has every key that upstream documents, under upstream's name", () => {
    const all: AgentSettings = {
      ...settings,
      pidFile: "/run/ponos.pid",
      logging: { level: "DEBUG", path: "/data/log", taskFormat: "{message}" },
      sentry: { dsn: "https://key@sentry.example.org/1", environment: "lab" },
      gpuName: "amd.com/gpu",
      inCluster: false,
      extraVolumes: [{ name: "models", claimName: "weights", mountPath: "/models", readOnly: true }],
      extraEnvironment: { HF_HOME: "/models" },
    };
    const { pid_file, logging, sentry, kubernetes } = read(agentConfiguration(all, { ...place, namespace: "farm" }));
    assert.equal(pid_file, "/run/ponos.pid");
    assert.deepEqual(logging, { level: "DEBUG", path: "/data/log", task_format: "{message}" });
    assert.deepEqual(sentry, all.sentry);
    assert.deepEqual(kubernetes, {
      pvc_name: "ponos-data",
      namespace: "farm",
      in_cluster: false,
      gpu_name: "amd.com/gpu",
      extra_volumes: [{ name: "models", pvc_name: "weights", mount_path: "/models", read_only: true }],
      extra_environment: { HF_HOME: "/models" },
    });
  });

  it("is what the Secret holds, with the CA and the proxy for each job", async () => {
    const proxy = { http: "http://proxy.example.org:3128", noProxy: [] };
    const { get } = await agent({ seed: "0123", proxy, caBundle: { ...caBundle, variables: ["CURL_CA_BUNDLE"] } });
    const data = get("ponos-configuration").inputs["data"] as Record<string, string>;
    assert.deepEqual(Object.keys(data), ["agent.yml"]);
    const { seed, kubernetes } = read(Buffer.from(data["agent.yml"] ?? "", "base64").toString());
    assert.equal(seed, "0123");
    const { extra_volumes, extra_environment } = kubernetes as { extra_volumes: unknown; extra_environment: Record<string, string> };
    assert.deepEqual(extra_volumes, [{ name: "company-ca", pvc_name: "my-ca-bundle", mount_path: "/ssl", read_only: true }]);
    assert.deepEqual(extra_environment, {
      AWS_CA_BUNDLE: "/ssl/ca-bundle.crt",
      REQUESTS_CA_BUNDLE: "/ssl/ca-bundle.crt",
      CURL_CA_BUNDLE: "/ssl/ca-bundle.crt",
      http_proxy: proxy.http,
      HTTP_PROXY: proxy.http,
      no_proxy: "localhost,127.0.0.1,169.254.169.254,.svc,.cluster.local",
      NO_PROXY: "localhost,127.0.0.1,169.254.169.254,.svc,.cluster.local",
    });
  });

  it("is the same text in a ConfigMap", async () => {
    const secret = (await agent()).get("ponos-configuration").inputs["data"] as Record<string, string>;
    const plain = (await agent({ configuration: "configMap" })).get("ponos-configuration").inputs["data"] as Record<string, string>;
    assert.equal(plain["agent.yml"], Buffer.from(secret["agent.yml"] ?? "", "base64").toString());
  });
});
