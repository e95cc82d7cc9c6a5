import assert from "node:assert/strict";
import { judge, probeTable } from "../../automation/probe";
import { type Kubectl, type ProbeState, watchProbe } from "../../automation/probeJob";
import { silentProgress } from "../../local/progress";

const job = { namespace: "interlink", name: "interlink-access-probe" };
const silent = silentProgress.start("");
const table = "Resources   Non-Resource URLs   Resource Names   Verbs\r\n            [/api]              []               [get]\r\n";

/** One look at the cluster: the Job's status, and the pod's spec and status. */
interface Look {
  readonly status?: object;
  readonly pod?: { readonly spec: object; readonly status?: object };
}

/** Answers as kubectl would, a look after the other; the last one stays. */
function cluster(looks: readonly Look[], logs = ""): Kubectl {
  let next = 0;
  let now: Look = {};
  return (args) => {
    const [verb, kind] = args;
    if (verb === "logs") return Promise.resolve(logs);
    if (kind === "jobs") now = looks[Math.min(next++, looks.length - 1)] ?? {};
    const spec = { template: { spec: { nodeSelector: { "kubernetes.io/hostname": "vk" } } } };
    const jobs = [{ metadata: { uid: "1", creationTimestamp: "2026-11-21T10:00:00Z" }, spec, status: now.status }];
    const pods = now.pod === undefined ? [] : [{ metadata: { name: "probe-x" }, ...now.pod }];
    return Promise.resolve(JSON.stringify({ items: kind === "jobs" ? jobs : pods }));
  };
}

const unscheduled: Look = {
  pod: { spec: {}, status: { conditions: [{ type: "PodScheduled", status: "False", message: "no node fits" }] } },
};
const queued: Look = {
  pod: { spec: { nodeName: "vk" }, status: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "SlurmPending" } } }] } },
};
const running: Look = { pod: { spec: { nodeName: "vk" }, status: { phase: "Running" } } };
const complete: Look = {
  status: { conditions: [{ type: "Complete", status: "True", lastTransitionTime: "2026-11-21T11:00:00Z" }] },
  pod: { spec: { nodeName: "vk" }, status: { phase: "Succeeded" } },
};

describe("watchProbe", () => {
  it("waits for the end, and says what it waits for", async () => {
    const said: string[] = [];
    const step = { ...silent, detail: (text: string) => void said.push(text) };
    const state = await watchProbe(cluster([{}, unscheduled, queued, running, complete]), job, 10_000, step, 0);
    assert.deepEqual(said, ["podless", "unscheduled: no node fits", "queued: SlurmPending", "running"]);
    assert.deepEqual(state, {
      stage: "ended",
      nodeName: "vk",
      detail: "",
      pod: "probe-x",
      created: "2026-11-21T10:00:00Z",
      finished: "2026-11-21T11:00:00Z",
    });
  });

  it("takes a failed Job for ended", async () => {
    const failed = {
      ...complete,
      status: { conditions: [{ type: "Failed", status: "True", message: "Job has reached the backoff limit" }] },
    };
    assert.equal((await watchProbe(cluster([failed]), job, 10_000, silent, 0)).stage, "ended");
  });

  it("gives up when the time is over, with what it saw last", async () => {
    assert.equal((await watchProbe(cluster([queued]), job, 0, silent, 0)).stage, "queued");
  });

  it("says that a Job is gone which the state has, and the way out", async () => {
    const nothing: Kubectl = () => Promise.resolve('{"items":[]}');
    await assert.rejects(watchProbe(nothing, job, 0, silent, 0), {
      name: "Failure",
      message: /Job interlink\/interlink-access-probe is gone.*npm run refresh, then npm run up/,
    });
  });
});

describe("judge", () => {
  async function verdictOf(look: Look, log = ""): Promise<{ passed: boolean; result: string; wayOut?: string }> {
    const kubectl = cluster([look], log);
    return (await judge(kubectl, job, await watchProbe(kubectl, job, 0, silent, 0))).verdict;
  }

  it("passes where the API server's table of rules was printed, with a terminal's ends of lines too", async () => {
    assert.deepEqual(await verdictOf(complete, `warning: x\r\n${table}`), {
      passed: true,
      result: "passed: the API server answered with 1 rules",
    });
  });

  const waits: readonly (readonly [string, Look, RegExp, RegExp])[] = [
    ["no pod", {}, /^no pod: /, /kubectl -n interlink describe job interlink-access-probe/],
    ["a pod without a node", unscheduled, /^not scheduled: .* node vk \(no node fits\)$/, /kubectl get node vk/],
    ["a pod that the HPC side has not begun", queued, /^still queued: the node vk .*\(SlurmPending\)$/, /--wait MINUTES/],
    ["a pod that runs", running, /^still running$/, /npm run probe again/],
    ["a Job whose pod is gone", { status: complete.status }, /^ended, but its pod is gone/, /npm run refresh, npm run up/],
    ["an empty log", complete, /^no output: /, /log of the InterLink plugin|that of the InterLink plugin/],
  ];
  for (const [what, look, result, wayOut] of waits) {
    it(`does not pass ${what}, and says what to do`, async () => {
      const verdict = await verdictOf(look);
      assert.equal(verdict.passed, false);
      assert.match(verdict.result, result);
      assert.match(verdict.wayOut ?? "", wayOut);
    });
  }

  it("does not take a table that somebody else printed for one: the words alone do not do", async () => {
    assert.match((await verdictOf(complete, "no Resources, no Verbs\n")).result, /^unknown: /);
  });

  it("names the virtual node's certificate where the log cannot be read", async () => {
    const kubectl = cluster([complete]);
    const tls: Kubectl = (args) =>
      args[0] === "logs"
        ? Promise.reject(new Error("Command failed\nError from server: remote error: tls: internal error"))
        : kubectl(args);
    const { verdict } = await judge(tls, job, await watchProbe(tls, job, 0, silent, 0));
    assert.match(verdict.result, /^the log cannot be read: Error from server: remote error: tls: internal error$/);
    assert.match(verdict.wayOut ?? "", /kubectl certificate approve/);
  });
});

describe("probeTable", () => {
  const state: ProbeState = { stage: "ended", nodeName: "vk", detail: "", pod: "probe-x", created: "A", finished: "B" };

  it("has a row for each thing that is known", () => {
    assert.equal(
      probeTable(job, state, { passed: false, result: "unauthorized", wayOut: "do this" }),
      [
        "  job         interlink/interlink-access-probe",
        "  node        vk",
        "  pod         probe-x",
        "  created     A",
        "  finished    B",
        "  result      unauthorized",
        "  what to do  do this",
      ].join("\n"),
    );
  });

  it("leaves out what is not", () => {
    const early = { stage: "podless", nodeName: "vk", detail: "" } as const;
    assert.equal(
      probeTable(job, early, { passed: true, result: "passed" }),
      "  job         interlink/interlink-access-probe\n  node        vk\n  result      passed",
    );
  });
});
