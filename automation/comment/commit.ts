import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";
import { textAt } from "../valueAt";

/** A pull request's workflow runs on a merge that nobody has; its event names the commit that was pushed. */
function eventCommit({ GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): string | undefined {
  if (file === undefined || !fs.existsSync(file)) return undefined;
  return textAt(JSON.parse(fs.readFileSync(file, "utf8")), "pull_request", "head", "sha");
}

/** The commit that is previewed: what the CI job says, else the repository in `root`; undefined where there is none. */
export async function commitOf(root: string, environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const told = eventCommit(environment) ?? environment.CI_COMMIT_SHA ?? environment.GITHUB_SHA;
  if (told !== undefined) return told;
  try {
    return (await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: root })).stdout.trim();
  } catch {
    return undefined;
  }
}
