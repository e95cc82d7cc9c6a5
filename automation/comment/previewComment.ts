import type { Option } from "../arguments";
import { configSecrets } from "../configSecrets";
import { exitCode, Failure } from "../exitCode";
import type { OperationRecord } from "../operationRecord";
import { writeResult } from "../resultFile";
import type { Session } from "../session";
import { projectName } from "../stackFiles";
import type { OpenStack } from "../workspace";
import { collectReport } from "./collectReport";
import { commitOf } from "./commit";
import { marker } from "./headline";
import { oneLine } from "./markdown";
import { pageAddress } from "./pageAddress";
import type { RuleText } from "./policyResults";
import { commentSite, postComment } from "./post";
import { renderComment } from "./renderComment";

/** Options of a script that makes a comment. */
export const commentOptions: readonly Option[] = [
  {
    name: "comment",
    value: "FILE",
    about: "write what the preview found to FILE as a comment for a pull request, also when it fails; - is stdout",
  },
  { name: "post", about: "post the comment to the pull or merge request that the CI job runs for, in place of the last one of this stack" },
];

/** What a preview has come to so far; whoever makes the preview fills it in. */
export interface PreviewSoFar {
  open?: OpenStack;
  record?: OperationRecord;
  outputsOnly?: boolean;
  /** The packs' rules by their names. */
  rules?: ReadonlyMap<string, RuleText>;
  /** What the state before violates already, as `violationKey` writes it. */
  baseline?: ReadonlySet<string>;
}

/**
 * Makes a preview, then writes its comment, and posts it where that is asked for. A preview that failed has its comment too, and fails all the same
 * after it; one that was interrupted has none.
 * @param preview fills in what it knows, as soon as it knows it
 */
export async function withComment(session: Session, preview: (session: Session, soFar: PreviewSoFar) => Promise<number>): Promise<number> {
  const file = session.given.get("comment");
  if (typeof file !== "string") {
    if (session.given.has("post")) throw new Failure("--post: there is nothing to post. Give --comment FILE as well; - is stdout.");
    return preview(session, {});
  }
  const [soFar, begun]: [PreviewSoFar, number] = [{}, Date.now()];
  const { code, error } = await outcome(() => preview(file === "-" ? besideStdout(session) : session, soFar));
  if (error instanceof Failure && error.code === exitCode.interrupted) throw error;
  try {
    await deliver(session, file, await commentText(session, soFar, (Date.now() - begun) / 1_000, error));
  } catch (reason) {
    // a comment that cannot be delivered is an error of its own, but never hides why the preview failed
    if (error === undefined) throw reason;
    session.progress.line(`the comment was not delivered: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
  if (error !== undefined) throw error;
  return code;
}

/** Stdout holds the comment alone. */
function besideStdout(session: Session): Session {
  const print = (text: string): void => {
    session.progress.line(text);
  };
  return { ...session, print };
}

async function outcome(work: () => Promise<number>): Promise<{ readonly code: number; readonly error?: Error }> {
  try {
    return { code: await work() };
  } catch (error) {
    return { code: exitCode.engine, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function commentText(session: Session, soFar: PreviewSoFar, durationSeconds: number, error: Error | undefined): Promise<string> {
  const { open, record, outputsOnly = false, rules = new Map<string, RuleText>(), baseline } = soFar;
  const commit = await commitOf(session.root);
  const report = collectReport({
    project: projectName(session.root),
    stack: session.stack,
    commit,
    durationSeconds,
    record,
    before: open?.before ?? {},
    error: error?.message,
    outputsOnly,
    secrets: await configSecrets(open),
    rules: new Map([...rules].map(([name, rule]) => [name, { ...rule, url: pageAddress(rule.url, commit) }])),
    baseline,
  });
  return renderComment(report);
}

async function deliver(session: Session, file: string, text: string): Promise<void> {
  if (file === "-") session.print(text.trimEnd());
  else session.progress.line(`the comment is in ${writeResult(session.root, file, text, "--comment")}`);
  if (session.given.has("post")) await post(session, text);
}

async function post({ root, stack, progress }: Session, text: string): Promise<void> {
  const site = commentSite(process.env);
  const { outcome: word, address, forged } = await postComment(site, marker({ project: projectName(root), stack }), text);
  progress.line(`${site.description}: comment ${word}${address === "" ? "" : `, ${address}`}`);
  for (const author of forged)
    progress.line(`warning: a comment of ${oneLine(author)} there carries this stack's marker; it was left as it is`);
}
