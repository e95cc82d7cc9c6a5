import { Failure } from "../exitCode";
import { at, textAt } from "../valueAt";
import { type ApiAnswer, type ApiRequest, callApi, type Patience, patience, type Site } from "./api";
import type { CommentSite, SiteComment } from "./commentSite";

type Environment = Readonly<Record<string, string | undefined>>;

const ways: Readonly<Record<number, string>> = {
  401: "GITLAB_TOKEN is not valid any more, or of another server.",
  403: "The token may not write here. Make GITLAB_TOKEN a project access token with the scope `api` and the role Reporter or above.",
  404: "The project or merge request is not there for this token. Make GITLAB_TOKEN a project access token of this project with the scope `api`.",
};

const needed: Readonly<Record<string, string>> = {
  GITLAB_TOKEN: "a project access token with the scope `api`, as a masked CI/CD variable; CI_JOB_TOKEN may not write notes",
  CI_API_V4_URL: "set by GitLab CI",
  CI_PROJECT_ID: "set by GitLab CI",
  CI_MERGE_REQUEST_IID: "set in merge request pipelines",
};

/** A merge request's notes. @see https://docs.gitlab.com/api/notes/#merge-requests */
export class GitLabMergeRequest implements CommentSite {
  readonly description: string;
  private readonly site: Site;
  private readonly api: string;
  private readonly notes: string;
  private readonly page: string;

  /** @throws Failure that names every variable that is missing */
  constructor(
    environment: Environment,
    private readonly times: Patience = patience,
  ) {
    const missing = Object.entries(needed).filter(([name]) => (environment[name] ?? "") === "");
    if (missing.length > 0) {
      const list = missing.map(([name, what]) => `${name} (${what})`).join(", ");
      throw new Failure(`--post: GitLab needs ${list}. Without them, read the file that --comment wrote.`);
    }
    const {
      GITLAB_TOKEN: token = "",
      CI_API_V4_URL: api = "",
      CI_PROJECT_ID: project = "",
      CI_MERGE_REQUEST_IID: number = "",
    } = environment;
    this.api = api;
    this.notes = `${api}/projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
    this.page = `${environment.CI_PROJECT_URL ?? api}/-/merge_requests/${number}`;
    this.description = `GitLab merge request ${environment.CI_PROJECT_PATH ?? project}!${number}`;
    this.site = { name: "GitLab", headers: { "private-token": token }, wayOut: (status) => ways[status] };
  }

  async author(): Promise<string> {
    return textAt((await this.call({ method: "GET", url: `${this.api}/user` })).body, "username") ?? "";
  }

  async *comments(): AsyncIterable<SiteComment> {
    let next = "1";
    while (next !== "") {
      const { body, headers } = await this.call({ method: "GET", url: `${this.notes}?per_page=100&sort=asc&page=${next}` });
      for (const note of body as readonly unknown[])
        yield { id: Number(at(note, "id")), body: textAt(note, "body") ?? "", author: textAt(note, "author", "username") ?? "" };
      next = headers.get("x-next-page") ?? "";
    }
  }

  async create(body: string): Promise<string> {
    return this.addressOf(await this.call({ method: "POST", url: this.notes, body: { body } }));
  }

  async update(id: number, body: string): Promise<string> {
    return this.addressOf(await this.call({ method: "PUT", url: `${this.notes}/${id}`, body: { body } }));
  }

  private call(request: ApiRequest): Promise<ApiAnswer> {
    return callApi(this.site, request, this.times);
  }

  private addressOf({ body }: ApiAnswer): string {
    return `${this.page}#note_${String(at(body, "id"))}`;
  }
}
