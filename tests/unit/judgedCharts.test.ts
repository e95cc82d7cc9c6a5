import assert from "node:assert/strict";
import { judgeCharts } from "../../automation/judgedCharts";
import type { OperationRecord } from "../../automation/operationRecord";
import type { Session } from "../../automation/session";
import type { OpenStack } from "../../automation/workspace";
import { policySettings } from "../../config/policies";
import { unknownValue } from "../../config/unknownValue";
import { silentProgress } from "../../local/progress";
import { enforcementSchema } from "../../policies/enforcement";

type Violation = OperationRecord["violations"][number];

const type = "kubernetes:helm.sh/v3:Release";
const urn = `urn:pulumi:one::trustplane::trustplane:platform:CertManager$${type}::cert-manager-release`;

/** What is reported of one Release of a preview. */
async function reported(op: string, helm: string | undefined, { inputs = {}, levels = {} } = {}): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const record = { previewed: [{ op, type, urn, new: { inputs } }], takeViolation: (each: Violation) => found.push(each) };
  const open = { stack: { workspace: { envVars: { TRUSTPLANE_HELM: helm } } } };
  const pack = {
    name: "security",
    folder: "",
    program: "",
    enforcement: enforcementSchema.parse({ levels }),
    settings: policySettings({}),
  } as const;
  const session = { progress: silentProgress, root: __dirname };
  await judgeCharts(session as unknown as Session, open as unknown as OpenStack, record as unknown as OperationRecord, [pack]);
  return found;
}

describe("a chart that cannot be rendered", () => {
  const reasons = {
    "there is no helm on this machine": undefined,
    "Command failed": "/bin/false",
  };

  for (const [reason, helm] of Object.entries(reasons))
    for (const op of ["create", "update"])
      it(`stops a Release to ${op}: ${reason}`, async () => {
        const [violation, ...rest] = await reported(op, helm);
        assert.deepEqual(rest, []);
        assert.equal(violation?.enforcementLevel, "mandatory");
        assert.equal(violation.policyName, "require-rendered-chart");
        assert.equal(violation.resourceUrn, urn);
        assert.match(violation.message, new RegExp(`was not judged, because it cannot be rendered: .*${reason}`));
      });

  it("stops a Release whose values only the update will know", async () => {
    const [violation] = await reported("create", "/bin/true", { inputs: { values: { password: unknownValue } } });
    assert.match(violation?.message ?? "", /only the update will know its values/);
  });

  it("stops nothing of a Release that stays as it is, and is advice where the stack's enforcement file says so", async () => {
    assert.deepEqual(await reported("same", undefined), []);
    const [violation] = await reported("create", undefined, { levels: { "require-rendered-chart": "advisory" } });
    assert.equal(violation?.enforcementLevel, "advisory");
  });
});
