import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface GitlabJob {
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if?: string; readonly when?: string }[];
}

/** Of the keys of GitHub's workflow syntax, those that are used. */
const jobKeys = new Set(["if", "runs-on", "timeout-minutes", "environment", "permissions", "steps"]);
const stepKeys = new Set(["name", "uses", "with", "if", "env", "run"]);

const folder = path.join(projectRoot, ".github", "workflows");

function workflow(name: string): Workflow {
  return parse(fs.readFileSync(path.join(folder, `${name}.yml`), "utf8")) as Workflow;
}

function usesSecrets(job: Job): boolean {
  return /\$\{\{\s*secrets\./.test(JSON.stringify(job));
}

const names = fs.readdirSync(folder).map((file) => path.basename(file, ".yml"));

for (const name of names) {
  const { permissions, jobs } = workflow(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  describe(`the workflow ${name}`, () => {
    it("grants nothing to jobs that do not ask, and no job more than it needs", () => {
      assert.deepEqual(permissions, {});
      for (const job of Object.values(jobs)) {
        const { contents, "pull-requests": pullRequests, ...others } = job.permissions ?? {};
        assert.deepEqual([contents, others], ["read", {}]);
        assert.equal(pullRequests, JSON.stringify(job.steps).includes("--post") ? "write" : undefined);
      }
    });

    it("lets no text of the event into a script", () => {
      for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/);
    });

    it("takes actions by their commits, and leaves no token in the clone", () => {
      const actions = steps.filter(({ uses }) => uses !== undefined);
      for (const { uses = "" } of actions) assert.match(uses, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
      const checkouts = actions.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      assert.equal(checkouts.length, Object.keys(jobs).length);
      for (const { with: settings } of checkouts) assert.equal(settings?.["persist-credentials"], false);
    });

    it("reads secrets in an environment only", () => {
      for (const job of Object.values(jobs)) assert.equal(job.environment !== undefined, usesSecrets(job));
    });
  });
}

describe("the workflow preview and forks", () => {
  const { on, jobs } = workflow("preview");

  it("runs a fork's code only on events that give it no secret", () => {
    assert.deepEqual(Object.keys(on), ["pull_request"]);
  });

  const ofThisRepository = "vars.PREVIEW_STACK != '' && github.event.pull_request.head.repo.full_name == github.repository";

  it("keeps jobs with secrets, and those that post, to branches of this repository", () => {
    for (const job of Object.values(jobs)) {
      const privileged = usesSecrets(job) || JSON.stringify(job.steps).includes("--post");
      assert.equal(job.if, privileged ? ofThisRepository : undefined);
    }
  });

  it("shows every comment in the job's summary, also of a failed preview", () => {
    for (const { steps } of Object.values(jobs)) {
      const last = steps.at(-1) as Step & { readonly if?: string };
      assert.deepEqual([last.if, last.run?.includes("GITHUB_STEP_SUMMARY")], ["always()", true]);
    }
  });
});

describe("what CI does by itself", () => {
  const workflows = names.map((name) => workflow(name));
  const gitlab = parse(fs.readFileSync(path.join(projectRoot, "ci", "gitlab.yml"), "utf8")) as Readonly<Record<string, GitlabJob>>;
  const jobsWith = (script: RegExp): readonly GitlabJob[] => Object.values(gitlab).filter((job) => script.test(String(job.script)));

  it("runs the tests for pushes and pull requests", () => {
    const tests = workflows.filter(({ jobs }) => Object.values(jobs).some(({ steps }) => steps.some(({ run }) => run === "npm test")));
    assert.deepEqual(
      tests.flatMap(({ on }) => Object.keys(on)),
      ["push", "pull_request"],
    );
    assert.equal(jobsWith(/npm test/).length, 1);
  });

  it("asks every week whether a package has a known vulnerability, which a change is never held up by", () => {
    const audits = workflows.filter(({ jobs }) => JSON.stringify(jobs).includes("npm audit --audit-level=high"));
    assert.deepEqual(
      audits.map(({ on }) => Object.keys(on)),
      [["schedule", "workflow_dispatch"]],
    );
    for (const { on } of audits)
      for (const { cron } of on.schedule as readonly { cron: string }[]) assert.match(cron, /^\d+ \d+ \* \* [0-6]$/);
    assert.deepEqual(
      jobsWith(/npm audit --audit-level=high/).map(({ rules }) => rules),
      [[{ if: '$CI_PIPELINE_SOURCE == "schedule"' }]],
    );
    for (const { rules } of jobsWith(/npm (test|run up)/))
      for (const { if: when } of rules ?? []) assert.match(when ?? "", /!= "schedule"/);
  });

  it("deploys no stack: somebody starts that, and names the stack", () => {
    for (const { on, jobs } of workflows)
      if (/npm run up/.test(JSON.stringify(jobs))) assert.deepEqual(Object.keys(on), ["workflow_dispatch"]);
    for (const { rules } of jobsWith(/npm run up/)) for (const { when } of rules ?? []) assert.equal(when, "manual");
    assert.equal(jobsWith(/npm run up/).length, 1);
  });

  it("runs no code of a merge request with the state's keys before somebody has started it", () => {
    for (const { rules } of jobsWith(/npm run preview/)) for (const { when } of rules ?? []) assert.equal(when, "manual");
    assert.equal(jobsWith(/npm run preview/).length, 1);
  });

  it("has only keys that GitHub knows", () => {
    for (const { jobs, ...keys } of workflows) {
      assert.deepEqual(Object.keys(keys).sort(), ["concurrency", "name", "on", "permissions"]);
      for (const job of Object.values(jobs)) {
        for (const key of Object.keys(job)) assert.ok(jobKeys.has(key), key);
        for (const step of job.steps) for (const key of Object.keys(step)) assert.ok(stepKeys.has(key), key);
      }
    }
  });
});
