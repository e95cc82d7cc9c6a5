import assert from "node:assert/strict";
import { policySettings } from "../../config/policies";
import { enforcedStack, EnforcementError, enforcementSchema, parseEnforcement } from "../../policies/enforcement";
import { ExceptionUse } from "../../policies/exceptions";
import { judge, type Verdict } from "../../policies/judgement";
import { podHostRules, disallowHostPorts } from "../../policies/security/podHost";
import { deployment, inContainer } from "./podFixture";
import { changed, type Properties } from "./ruleCase";

const now = new Date("2026-11-21T12:00:00Z");

const exception = {
  rule: "disallow-host-ports",
  resource: "kubernetes:apps/v1:Deployment web",
  allow: { ports: [6080] },
  reason: "HPC nodes reach the API there.",
  owner: "platform team",
  expires: "2027-11-30",
};

function judged(ports: readonly number[], changes: object = {}, at = now): { verdict: Verdict; complaints: readonly string[] } {
  const enforcement = enforcementSchema.parse({ exceptions: [{ ...exception, ...changes }] });
  const taken = ports.map((hostPort) => ({ hostPort }));
  const props = changed(deployment().props as Properties, `${inContainer}.ports`, taken);
  const [verdict] = judge(disallowHostPorts, { ...deployment(), props }, { enforcement, settings: policySettings({}), now: at }) ?? [];
  assert.ok(verdict);
  const use = new ExceptionUse();
  for (const [finding, used] of verdict.excepted) use.note(used, finding);
  return { verdict, complaints: use.complaints(enforcement.exceptions, at) };
}

function mistakes(text: unknown): readonly string[] {
  try {
    parseEnforcement("enforcement.dev.json", typeof text === "string" ? text : JSON.stringify(text), podHostRules);
  } catch (error) {
    assert.ok(error instanceof EnforcementError);
    return error.problems.map(({ path, wayOut }) => `${path}: ${wayOut}`);
  }
  return [];
}

describe("an exception", () => {
  it("lets its values pass, and no other", () => {
    const { verdict, complaints } = judged([6080, 8443]);
    assert.deepEqual(
      verdict.violations.map(({ message }) => message),
      ["container web takes the node's port 8443; hostPort must be absent"],
    );
    assert.equal(verdict.excepted.length, 1);
    assert.deepEqual(complaints, []);
  });

  it("that expired gives the rule its level back, from its day on, and is reported", () => {
    assert.equal(judged([6080], {}, new Date("2027-11-29T23:59:00Z")).verdict.violations.length, 0);
    const { verdict, complaints } = judged([6080], {}, new Date("2027-11-30T00:00:00Z"));
    assert.equal(verdict.violations.length, 1);
    assert.deepEqual(complaints, [
      "exception of disallow-host-ports for kubernetes:apps/v1:Deployment web (platform team) expired on 2027-11-30; the rule has its level back",
    ]);
  });

  it("of another resource or container matches nothing, and is reported", () => {
    for (const other of [{ resource: "kubernetes:apps/v1:Deployment web-2" }, { container: "sidecar" }, { release: "chart" }]) {
      const { verdict, complaints } = judged([6080], other);
      assert.equal(verdict.violations.length, 1);
      assert.match(complaints.join(), /matches nothing; remove it$/);
    }
  });

  it("that allows more than is needed is reported", () => {
    const { verdict, complaints } = judged([6080], { allow: { ports: [6080, 60443] } });
    assert.equal(verdict.violations.length, 0);
    assert.match(complaints.join(), /is too wide: nothing needs ports 60443; remove it from allow$/);
  });
});

describe("an enforcement file", () => {
  it("of a stack holds for its tenants' stacks too", () => {
    assert.deepEqual(["prod", "prod-tenants-2", "prod-tenants"].map(enforcedStack), ["prod", "prod", "prod-tenants"]);
  });

  it("says everything that its shape has wrong, at once", () => {
    const [without, wild] = [
      { ...exception, reason: undefined, owner: undefined, expires: undefined },
      { ...exception, resource: "kubernetes:apps/v1:Deployment *", expires: "2027-02-30" },
    ];
    assert.deepEqual(mistakes({ exceptions: [{ ...exception, expires: "2027-13-01" }] }), [
      'exceptions[0].expires: write it like "2027-11-30"',
    ]);
    const levels = { "disallow-privileged": "warning" };
    assert.deepEqual(
      mistakes({ exception: [], levels, settings: { longestCaHours: 1 }, exceptions: [without, wild] })
        .slice()
        .sort(),
      [
        'exception: did you mean "exceptions"?',
        "exceptions[0].expires: add it",
        "exceptions[0].owner: add it",
        "exceptions[0].reason: add it",
        'exceptions[1].expires: write it like "2027-11-30"',
        'exceptions[1].resource: write it like "kubernetes:apps/v1:Deployment ponos-deployment"; one exception for each resource',
        "levels.disallow-privileged: write a value that is allowed, or remove the key if it has a default",
        "settings: move it to trustplane:policies in the stack's file",
      ],
    );
  });

  it("says which rules there are not, and which values an exception must name", () => {
    const wrong = [
      { ...exception, rule: "disallow-host-port" },
      { ...exception, allow: {} },
      { ...exception, allow: { port: [1] } },
      { ...exception, rule: "disallow-privileged" },
    ];
    assert.deepEqual(mistakes({ levels: { "disallow-privilege": "advisory" }, exceptions: wrong }), [
      'levels.disallow-privilege: did you mean "disallow-privileged"?',
      'exceptions[0].rule: did you mean "disallow-host-ports"?',
      'exceptions[1].allow: write allow: {"ports": [...]}, so that another value still breaks the rule',
      'exceptions[2].allow: did you mean "ports"?',
      "exceptions[3].allow: remove ports",
    ]);
  });

  it("that is no JSON says so", () => {
    assert.deepEqual(mistakes("{,}"), ["enforcement.dev.json: a comma or a quote is missing or too many"]);
  });
});
