import * as fs from "node:fs";
import { Failure } from "../exitCode";
import { at, textAt } from "../valueAt";
import { type ApiAnswer, type ApiRequest, callApi, type Patience, patience, type Site } from "./api";
import type { CommentSite, SiteComment } from "./commentSite";

type Environment = Readonly<Record<string, string | undefined>>;

/** The user as whom a workflow's own token writes. */
const workflowUser = "github-actions[bot]";

const ways: Readonly<Record<number, string>> = {
  401: "GITHUB_TOKEN is not valid any more, or of another server. Give the step GITHUB_TOKEN: ${{ github.token }}.",
  403: "The token may not write here. Give the job `permissions: pull-requests: write`; a pull request from a fork has a token that only reads.",
  404: "The repository or pull request is not there for this token. Give the job `permissions: pull-requests: write`, and look at GITHUB_REPOSITORY.",
};

/** The number of the pull request whose event a workflow runs for; undefined for events of other kinds. */
export function pullRequestNumber(environment: Environment): number | undefined {
  const file = environment.GITHUB_EVENT_PATH;
  if (file === undefined || !fs.existsSync(file)) return undefined;
  const event: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  const number = at(event, "pull_request", "number") ?? (at(event, "issue", "pull_request") && at(event, "issue", "number"));
  return typeof number === "number" ? number : undefined;
}

/** What a run needs of its environment. @throws Failure that names everything that is missing */
function given(environment: Environment): { readonly token: string; readonly repository: string; readonly number: number } {
  const { GITHUB_TOKEN: token = "", GITHUB_REPOSITORY: repository = "" } = environment;
  const number = pullRequestNumber(environment);
  const missing = [
    token === "" ? "GITHUB_TOKEN (in a workflow's step: env: GITHUB_TOKEN: ${{ github.token }})" : undefined,
    repository === "" ? "GITHUB_REPOSITORY (OWNER/REPOSITORY)" : undefined,
    number === undefined ? "GITHUB_EVENT_PATH (of an event of a pull request)" : undefined,
  ].filter((name) => name !== undefined);
  if (missing.length === 0 && number !== undefined) return { token, repository, number };
  throw new Failure(`--post: GitHub needs ${missing.join(", ")}. Without them, read the file that --comment wrote.`);
}

/** A pull request's comments. @see https://docs.github.com/en/rest/issues/comments */
export class GitHubPullRequest implements CommentSite {
  readonly description: string;
  private readonly site: Site;
  /** The comments of this pull request. */
  private readonly list: string;
  /** Each comment of the repository. */
  private readonly each: string;
  private readonly graphql: string;

  /** @throws Failure that names every variable that is missing */
  constructor(
    environment: Environment,
    private readonly times: Patience = patience,
  ) {
    const { token, repository, number } = given(environment);
    const issues = `${environment.GITHUB_API_URL ?? "https://api.github.com"}/repos/${repository}/issues`;
    this.list = `${issues}/${number}/comments`;
    this.each = `${issues}/comments`;
    this.graphql = environment.GITHUB_GRAPHQL_URL ?? "https://api.github.com/graphql";
    this.description = `GitHub pull request ${repository}#${number}`;
    const headers = { authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" };
    this.site = { name: "GitHub", headers, wayOut: (status) => ways[status] };
  }

  /** The REST API does not tell a workflow's token who it is; the other one does. */
  async author(): Promise<string> {
    const { body } = await this.call({
      method: "POST",
      url: this.graphql,
      body: { query: "query { viewer { login } }" },
      repeatable: true,
    });
    return textAt(body, "data", "viewer", "login") ?? workflowUser;
  }

  async *comments(): AsyncIterable<SiteComment> {
    let url: string | undefined = `${this.list}?per_page=100`;
    while (url !== undefined) {
      const { body, headers }: ApiAnswer = await this.call({ method: "GET", url });
      for (const comment of body as readonly unknown[])
        yield { id: Number(at(comment, "id")), body: textAt(comment, "body") ?? "", author: textAt(comment, "user", "login") ?? "" };
      url = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
    }
  }

  async create(body: string): Promise<string> {
    return addressOf(await this.call({ method: "POST", url: this.list, body: { body } }));
  }

  async update(id: number, body: string): Promise<string> {
    return addressOf(await this.call({ method: "PATCH", url: `${this.each}/${id}`, body: { body } }));
  }

  private call(request: ApiRequest): Promise<ApiAnswer> {
    return callApi(this.site, request, this.times);
  }
}

function addressOf({ body }: ApiAnswer): string {
  return textAt(body, "html_url") ?? "";
}
