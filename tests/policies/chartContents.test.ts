import assert from "node:assert/strict";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { chartArchive } from "../../local/realCharts";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { ChartError, judgeChart, renderChart } from "../../policies/chartContents";
import { policySettings } from "../../config/policies";
import { enforcementSchema } from "../../policies/enforcement";
import { disallowHostPorts, disallowPrivileged } from "../../policies/security/podHost";

const rules = [disallowHostPorts, disallowPrivileged];
const chart = chartArchive("ingress-nginx");
const values = { controller: { hostPort: { enabled: true, ports: { http: 6080, https: 60_443 } } } };
const urn = "urn:pulumi:test::trustplane::kubernetes:helm.sh/v3:Release::ingress-nginx";
const release = { urn, inputs: { name: "ingress-nginx", chart, namespace: "ingress", values } };
const settings = policySettings({});
const now = new Date("2026-11-21T00:00:00Z");

describe("a chart's contents", () => {
  let helm: string;
  let objects: Awaited<ReturnType<typeof renderChart>>;

  before(async () => {
    helm = (await ensureTools(["helm"], silentProgress)).helm.path;
    objects = await renderChart(release, helm);
  });

  it("are judged by the rules, with the values of the Release", () => {
    const { violations } = judgeChart("ingress-nginx", objects, rules, { enforcement: enforcementSchema.parse({}), settings, now });
    const found = violations.map(({ rule, level, message, exception }) => [rule, level, message, exception]);
    assert.deepEqual(found, [
      ["disallow-host-ports", "mandatory", "container controller takes the node's port 6080; hostPort must be absent", undefined],
      ["disallow-host-ports", "mandatory", "container controller takes the node's port 60443; hostPort must be absent", undefined],
    ]);
  });

  it("pass by exceptions that name the Release, of which idle ones are named", () => {
    const exception = {
      rule: "disallow-host-ports",
      resource: "kubernetes:apps/v1:Deployment ingress-nginx-controller",
      release: "ingress-nginx",
      allow: { ports: [6080, 60_443] },
      reason: "HPC nodes reach the API there.",
      owner: "platform team",
      expires: "2027-11-30",
    };
    const gone = { ...exception, resource: "kubernetes:apps/v1:DaemonSet gone" };
    const enforcement = enforcementSchema.parse({ exceptions: [exception, gone] });
    const { violations, complaints } = judgeChart("ingress-nginx", objects, rules, { enforcement, settings, now });
    assert.deepEqual(
      [...new Set(violations.map((each) => each.exception))],
      ["excepted until 2027-11-30 by platform team: HPC nodes reach the API there."],
    );
    assert.deepEqual(complaints, [
      "exception of disallow-host-ports for kubernetes:apps/v1:DaemonSet gone (platform team) matches nothing; remove it",
    ]);
  });

  it("that cannot be rendered are an error with helm's reason", async () => {
    const missing = { ...release, inputs: { ...release.inputs, chart: path.join(projectRoot, "absent") } };
    await assert.rejects(renderChart(missing, helm), ChartError);
  });
});
