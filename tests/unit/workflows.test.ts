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

const folder = path.join(projectRoot, ".github", "workflows");

function workflow(name: string): Workflow {
  return parse(fs.readFileSync(path.join(folder, `${name}.yml`), "utf8")) as Workflow;
}

function usesSecrets(job: Job): boolean {
  return /\$\{\{\s*secrets\./.test(JSON.stringify(job));
}

for (const name of ["preview", "up"]) {
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

    it("takes actions by whole version tags, and leaves no token in the clone", () => {
      const actions = steps.filter(({ uses }) => uses !== undefined);
      for (const { uses = "" } of actions) assert.match(uses, /^actions\/[a-z-]+@v\d+\.\d+\.\d+$/);
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

  it("keeps jobs with secrets, and those that post, to branches of this repository", () => {
    for (const job of Object.values(jobs)) {
      const privileged = usesSecrets(job) || JSON.stringify(job.steps).includes("--post");
      assert.equal(job.if, privileged ? "github.event.pull_request.head.repo.full_name == github.repository" : undefined);
    }
  });

  it("shows every comment in the job's summary, also of a failed preview", () => {
    for (const { steps } of Object.values(jobs)) {
      const last = steps.at(-1) as Step & { readonly if?: string };
      assert.deepEqual([last.if, last.run?.includes("GITHUB_STEP_SUMMARY")], ["always()", true]);
    }
  });
});
