import { Failure } from "../exitCode";
import { type Patience, patience } from "./api";
import type { CommentSite, SiteComment } from "./commentSite";
import { GitHubPullRequest } from "./github";
import { GitLabMergeRequest } from "./gitlab";

/** What posting came to. */
export interface Posted {
  readonly outcome: "created" | "updated" | "unchanged";
  /** Where to read it; empty where the site does not say. */
  readonly address: string;
  /** Authors of comments that carry this stack's marker and are not this process' own; they were left as they are. */
  readonly forged: readonly string[];
}

/**
 * The request that this process runs for, by the variables that the two sites' runners set.
 * @throws Failure where it runs for none, or cannot write to it
 */
export function commentSite(environment: Readonly<Record<string, string | undefined>>, times: Patience = patience): CommentSite {
  if (environment.GITLAB_CI === "true") return new GitLabMergeRequest(environment, times);
  if (environment.GITHUB_ACTIONS === "true") return new GitHubPullRequest(environment, times);
  throw new Failure(
    "--post: this is neither GitHub Actions (GITHUB_ACTIONS=true) nor GitLab CI (GITLAB_CI=true). Leave --post out and read the file of --comment.",
  );
}

function carries(comment: SiteComment, marker: string): boolean {
  return comment.body.trimStart().startsWith(marker);
}

/** Replaces this process' own comment that begins with `marker` by `body`, or adds it where there is none. */
export async function postComment(site: CommentSite, marker: string, body: string): Promise<Posted> {
  const me = await site.author();
  const forged: string[] = [];
  let own: SiteComment | undefined;
  for await (const comment of site.comments()) {
    if (!carries(comment, marker)) continue;
    if (comment.author === me) own ??= comment;
    else forged.push(comment.author);
  }
  if (own === undefined) return { outcome: "created", address: await site.create(body), forged };
  if (own.body === body) return { outcome: "unchanged", address: "", forged };
  return { outcome: "updated", address: await site.update(own.id, body), forged };
}
