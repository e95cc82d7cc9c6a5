import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commentSite, postComment, type Posted } from "../../automation/comment/post";
import { patience } from "../patience";
import { CommentServer } from "./commentServer";

const marker = "<!-- trustplane: trustplane/prod -->";
const body = `${marker}\n### ✅ Preview\n`;
const quick = { attempts: 3, pause: 5, longest: 3_000, timeout: patience(60) };

describe("postComment", () => {
  let server: CommentServer;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comment-"));
  const event = path.join(folder, "event.json");

  before(() => {
    fs.writeFileSync(event, JSON.stringify({ pull_request: { number: 12 } }));
  });

  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    server = await new CommentServer().start();
  });

  afterEach(async () => {
    await server.stop();
  });

  const environments: Readonly<Record<string, () => NodeJS.ProcessEnv>> = {
    GitHub: () => ({
      GITHUB_ACTIONS: "true",
      GITHUB_TOKEN: "ghs_0123",
      GITHUB_REPOSITORY: "lab/platform",
      GITHUB_EVENT_PATH: event,
      GITHUB_API_URL: server.address,
      GITHUB_GRAPHQL_URL: `${server.address}/graphql`,
    }),
    GitLab: () => ({
      GITLAB_CI: "true",
      GITLAB_TOKEN: "glpat-0123",
      CI_API_V4_URL: `${server.address}/api/v4`,
      CI_PROJECT_ID: "7",
      CI_PROJECT_URL: "https://gitlab.example/lab/platform",
      CI_MERGE_REQUEST_IID: "12",
    }),
  };
  const lists: Readonly<Record<string, string>> = {
    GitHub: "/repos/lab/platform/issues/12/comments",
    GitLab: "/api/v4/projects/7/merge_requests/12/notes",
  };
  const addresses: Readonly<Record<string, string>> = {
    GitHub: "https://github.example/c/251",
    GitLab: "https://gitlab.example/lab/platform/-/merge_requests/12#note_251",
  };

  for (const [name, environment] of Object.entries(environments)) {
    const list = String(lists[name]);
    const post = (text = body): Promise<Posted> => postComment(commentSite(environment(), quick), marker, text);

    describe(`on ${name}`, () => {
      it("adds the first comment and tells where it is", async () => {
        server.chatter(250);
        assert.deepEqual(await post(), { outcome: "created", address: addresses[name], forged: [] });
        assert.equal(server.comments[250]?.body, body);
      });

      it("replaces its own comment, also on the third page, and touches no other", async () => {
        server.chatter(230);
        const own = server.add(`${marker}\nold`, server.user);
        server.chatter(30);
        assert.equal((await post()).outcome, "updated");
        assert.equal(own.body, body);
        assert.equal(server.comments.length, 261);
        assert.equal(server.comments.filter((comment) => comment.body === body).length, 1);
      });

      it("leaves a comment alone that says the same already", async () => {
        server.add(body, server.user);
        assert.equal((await post()).outcome, "unchanged");
        assert.ok(server.asked.every((request) => request.startsWith("GET") || request === "POST /graphql"));
      });

      it("does not overwrite somebody else's comment with the marker, and names its author", async () => {
        const forged = server.add(`${marker}\nmine`, "mallory");
        const { outcome, forged: authors } = await post();
        assert.deepEqual([outcome, authors], ["created", ["mallory"]]);
        assert.equal(forged.body, `${marker}\nmine`);
        assert.equal((await post(`${body}again`)).outcome, "updated");
      });

      it("has a comment for each stack, and takes no quoted marker for its own", async () => {
        server.add("<!-- trustplane: trustplane/prod-2 -->\nother", server.user);
        server.add(`> ${marker}\nquoted`, server.user);
        assert.equal((await post()).outcome, "created");
      });

      it("waits as long as the site asks when the rate is limited", async () => {
        server.refuse(`POST ${list}`, { status: 429, headers: { "retry-after": "1" } });
        const begun = Date.now();
        assert.equal((await post()).outcome, "created");
        assert.ok(Date.now() - begun >= 990, `${Date.now() - begun} ms`);
        assert.equal(server.comments.length, 1);
      });

      it("gives up on a limit that lasts too long, and says how long", async () => {
        server.refuse(`GET ${list}`, { status: 429, headers: { "retry-after": "600" } });
        await assert.rejects(post(), /answered 429: .* Its rate limit ends in 600 s: run the job again then\./);
      });

      it("asks again when the site is broken for a moment", async () => {
        server.refuse(`GET ${list}`, { status: 502 }, 2);
        assert.equal((await post()).outcome, "created");
      });

      it("gives up when the site stays broken", async () => {
        server.refuse(`GET ${list}`, { status: 500, message: "oops" }, 3);
        await assert.rejects(post(), /answered 500: .*oops.* after 3 attempts, to GET/);
        assert.deepEqual(server.refusals, []);
      });

      it("does not add a comment twice where it is not known whether the first was taken", async () => {
        server.refuse(`POST ${list}`, { status: 502 });
        await assert.rejects(post(), /answered 502/);
        assert.equal(server.asked.filter((request) => request === `POST ${list}`).length, 1);
      });

      for (const [status, wayOut] of [
        [401, /is not valid any more/],
        [403, /pull-requests: write|scope `api` and the role Reporter/],
        [404, /pull-requests: write|of this project with the scope `api`/],
      ] as const) {
        it(`says what to do about ${status}, at once and without the token`, async () => {
          server.refuse(`POST ${list}`, { status });
          const error: unknown = await post().catch((reason: unknown) => reason);
          assert.match(String(error), wayOut);
          assert.match(String(error), new RegExp(`${name} answered ${status}`));
          assert.doesNotMatch(String(error), /0123/);
        });
      }

      it("says when nobody answers", async () => {
        const site = commentSite(environment(), quick);
        await server.stop();
        await assert.rejects(postComment(site, marker, body), new RegExp(`${name} did not answer .*ECONNREFUSED`));
      });

      it("names every variable that is missing", () => {
        const [flag = ""] = Object.keys(environment());
        const missing = Object.keys(environment()).filter((key) => /TOKEN|EVENT_PATH|REPOSITORY|IID/.test(key));
        assert.throws(
          () => commentSite({ [flag]: "true" }),
          ({ message }: Error) => missing.every((key) => message.includes(key)),
        );
      });
    });
  }

  it("waits out GitHub's secondary limit, which is a 403", async () => {
    server.refuse("PATCH /repos", { status: 403, message: "You have exceeded a secondary rate limit" });
    server.add(`${marker}\nold`, server.user);
    assert.equal((await postComment(commentSite(environments.GitHub?.() ?? {}, quick), marker, body)).outcome, "updated");
  });

  it("refuses to post where no CI job runs", () => {
    assert.throws(() => commentSite({}), /neither GitHub Actions \(GITHUB_ACTIONS=true\) nor GitLab CI \(GITLAB_CI=true\)/);
  });
});
