/**
 * The address of a page of this repository on the site that the CI job runs for; undefined where there is none, since a comment has no folder
 * that a relative link could begin in.
 * @param page path from the project's folder, with its anchor; a whole address stays as it is
 */
export function pageAddress(
  page: string | undefined,
  commit: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (page === undefined || /^https?:/.test(page)) return page;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, CI_PROJECT_URL: project } = environment;
  if (commit === undefined) return undefined;
  if (server !== undefined && repository !== undefined) return `${server}/${repository}/blob/${commit}/${page}`;
  return project === undefined ? undefined : `${project}/-/blob/${commit}/${page}`;
}
