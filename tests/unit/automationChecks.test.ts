import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { accessList, accessText } from "../../automation/checks/accessReview";
import { type Check, failed, notRunHere, ok, type Row, runChecks, warning } from "../../automation/checks/check";
import { report, reportJsonSchema } from "../../automation/checks/checkReport";
import { checkSummary, checkTable } from "../../automation/checks/checkTable";
import { accessesOf, gives } from "../../automation/checks/rules";
import { projectRoot } from "../../local/paths";
import { silentProgress } from "../../local/progress";
import { ReadError } from "../../preflight/readError";

const rows: readonly Row[] = [
  { check: "volumes", ...ok("claim a", "Bound") },
  { check: "edge", ...notRunHere("https://a", "no container") },
  { check: "agent", ...warning("agents", "hpc/agent", "delete it") },
  { check: "volumes", ...failed("claim b", "Pending", "describe it") },
];

function check(name: string, run: Check<unknown>["run"]): Check<unknown> {
  return { name, run };
}

describe("runChecks", () => {
  const run = (checks: readonly Check<unknown>[], limit?: number) => runChecks("looking", checks, undefined, silentProgress, limit);

  it("runs checks side by side and gives the rows in the order of the checks", async () => {
    let second: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (second = resolve));
    const first = check("first", async () => {
      await begun;
      return [ok("a", "is so"), ok("b", "is so")];
    });
    const other = check("other", () => {
      second();
      return Promise.resolve([ok("c", "is so")]);
    });
    assert.deepEqual(
      (await run([first, other])).map((row) => `${row.check} ${row.subject}`),
      ["first a", "first b", "other c"],
    );
  });

  it("makes a check that throws a failed row, and the others go on", async () => {
    const broken = check("broken", () => Promise.reject(new Error("no way")));
    const [row, rest] = await run([broken, check("other", () => Promise.resolve([ok("c", "is so")]))]);
    assert.deepEqual([row?.check, row?.verdict, row?.text], ["broken", "failed", "could not be checked: no way"]);
    assert.equal(rest?.verdict, "ok");
  });

  it("ends a check that takes too long, and tells it so", async () => {
    let told = false;
    const slow = check("slow", (_, signal) => {
      signal.addEventListener("abort", () => (told = true));
      return new Promise(() => undefined);
    });
    const [row] = await run([slow], 20);
    assert.deepEqual([row?.verdict, row?.text], ["not checked", "no answer within 0.02 s"]);
    assert.ok(told);
  });
});

describe("a check that was not answered", () => {
  async function verdict(error: ReadError): Promise<string> {
    const [row] = await runChecks("looking", [check("it", () => Promise.reject(error))], undefined, silentProgress);
    assert.ok(row !== undefined);
    assert.ok(row.text.includes(error.message));
    assert.notEqual(row.wayOut, undefined);
    return row.verdict;
  }

  it("is not checked where the cluster is too busy, not permitted where the user may not, and failed where nobody listens", async () => {
    for (const status of [408, 429, 500, 502, 503, 504]) assert.equal(await verdict(new ReadError("busy", status)), "not checked");
    for (const code of ["ECONNRESET", "ETIMEDOUT", "EPIPE", "ABORT_ERR"])
      assert.equal(await verdict(new ReadError("gone", undefined, code)), "not checked");
    for (const status of [401, 403]) assert.equal(await verdict(new ReadError("may not", status)), "not permitted");
    assert.equal(await verdict(new ReadError("refused", undefined, "ECONNREFUSED")), "failed");
    assert.equal(await verdict(new ReadError("bad", 400)), "failed");
  });
});

describe("checkTable", () => {
  it("puts what is most serious first, and below it what to do", () => {
    assert.deepEqual(checkTable(rows).split("\n"), [
      "verdict       check    subject    what is so",
      "failed        volumes  claim b    Pending",
      "              way out: describe it",
      "warning       agent    agents     hpc/agent",
      "              way out: delete it",
      "not run here  edge     https://a  no container",
      "ok            volumes  claim a    Bound",
    ]);
  });

  it("is summed up by counts of what there is", () => {
    assert.equal(checkSummary(rows), "1 failed, 1 warning, 1 not run here, 1 ok");
    assert.equal(checkSummary(rows.slice(0, 1)), "1 ok");
  });
});

describe("report", () => {
  function printed(given: readonly string[], found: readonly Row[]): { code: number; text: string } {
    let text = "";
    const session = {
      stack: "dev",
      given: new Map(given.map((name) => [name, true as const])),
      print: (line: string) => void (text += line),
    };
    return { code: report(session, "verify", found), text };
  }

  it("ends with 5 where a row failed, and with 0 for anything less", () => {
    assert.equal(printed([], rows).code, 5);
    assert.equal(printed([], rows.slice(0, 3)).code, 0);
    assert.match(printed([], rows).text, /verify dev: 1 failed/);
    const unread = (["not checked", "not permitted"] as const).map((verdict) => ({
      check: "a",
      subject: "b",
      verdict,
      text: "c",
      wayOut: "d",
    }));
    assert.equal(printed([], unread).code, 0);
    assert.match(printed([], unread).text, /verify dev: 1 not permitted, 1 not checked$/);
  });

  it("prints one object with --json, as the published schema says", () => {
    const found = JSON.parse(printed(["json"], rows).text) as Record<string, unknown> & { rows: readonly Row[] };
    const schema = JSON.parse(reportJsonSchema()) as { required: string[]; properties: { rows: { items: { required: string[] } } } };
    assert.deepEqual(Object.keys(found).sort(), [...schema.required].sort());
    assert.deepEqual([found.command, found.stack, found.passed], ["verify", "dev", false]);
    for (const row of found.rows)
      assert.deepEqual(
        schema.properties.rows.items.required.filter((key) => !(key in row)),
        [],
      );
    assert.equal(found.rows[0]?.verdict, "failed");
  });

  it("has its schema in report.schema.json; if not, run `node local/bootstrap.js automation/checks/writeReportSchema.ts`", () => {
    assert.equal(fs.readFileSync(path.join(projectRoot, "automation/checks/report.schema.json"), "utf8"), reportJsonSchema());
  });
});

describe("rules of RBAC", () => {
  const rules = [
    { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] },
    { apiGroups: ["apps"], resources: ["*"], resourceNames: ["web"], verbs: ["*"] },
    { nonResourceURLs: ["/healthz*"], verbs: ["get"] },
  ];
  const cluster = { rules };
  const namespaced = { rules, namespace: "farm" };
  const pods = { verb: "get", group: "", resource: "pods" };

  it("are expanded to everything that they give, paths only for the whole cluster", () => {
    assert.deepEqual(accessesOf(namespaced).map(accessText), [
      "get pods in farm",
      "get pods/log in farm",
      "list pods in farm",
      "list pods/log in farm",
      "* *.apps web in farm",
    ]);
    assert.equal(accessesOf(cluster).map(accessText).at(-1), "get /healthz*");
  });

  it("give what they name, where they name it", () => {
    assert.ok(gives(cluster, pods) && gives(cluster, { ...pods, namespace: "any" }) && gives(namespaced, { ...pods, namespace: "farm" }));
    assert.ok(!gives(namespaced, pods) && !gives(namespaced, { ...pods, namespace: "other" }));
    for (const denied of [{ verb: "delete" }, { resource: "pods/exec" }, { group: "apps" }])
      assert.ok(!gives(cluster, { ...pods, ...denied }));
  });

  it("give a named object alone where they have names, and subresources with *", () => {
    const web = { verb: "delete", group: "apps", resource: "deployments/scale" };
    assert.ok(gives(cluster, { ...web, name: "web" }) && !gives(cluster, web) && !gives(cluster, { ...web, name: "api" }));
    assert.ok(gives({ rules: [{ apiGroups: ["*"], resources: ["*/scale"], verbs: ["*"] }] }, web));
  });

  it("give paths by their beginning", () => {
    assert.ok(gives(cluster, { verb: "get", path: "/healthz/etcd" }) && !gives(cluster, { verb: "get", path: "/version" }));
    assert.ok(!gives(namespaced, { verb: "get", path: "/healthz" }));
  });

  it("are told a few at a time", () => {
    assert.equal(accessList([pods, pods, pods], 2), "get pods in the whole cluster, get pods in the whole cluster and 1 more");
  });
});
