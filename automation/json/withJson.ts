import { SecretFilter } from "../comment/secrets";
import { exitCode, Failure } from "../exitCode";
import type { Session } from "../session";
import type { CommandReport, JsonCommand } from "./commandReport";
import { RunNotes } from "./runNotes";
import { type Ended, stackReport } from "./stackReport";

/** A session whose run is noted. */
export interface NotedSession extends Session {
  readonly notes: RunNotes;
}

/** Options that decide what the document says, and nothing else. */
const documentOptions: readonly string[] = ["json", "show-secrets"];

/**
 * The session with notes of its run. With `--json` what it prints goes where progress goes, because stdout is the document's, and its texts never show
 * secrets: where those are asked for, they are for the document.
 */
export function noted(session: Session): NotedSession {
  const notes = new RunNotes(session.given.has("show-secrets"));
  if (!session.given.has("json")) return { ...session, notes };
  const given = new Map([...session.given].filter(([name]) => !documentOptions.includes(name)));
  const print = (text: string): void => {
    session.progress.line(text);
  };
  return { ...session, notes, given, print };
}

/** Runs `work` to its end, whatever that is. */
export async function ending(work: () => Promise<number>): Promise<Ended> {
  try {
    return { code: await work() };
  } catch (error) {
    return {
      code: error instanceof Failure ? error.code : exitCode.engine,
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

/**
 * Runs a script and prints one JSON document of what it came to, also when it fails; the exit code is as without.
 * @param script is given what works on the session's own stack, where it does that
 */
export async function withJson(
  session: Session,
  command: JsonCommand,
  one: (session: Session) => Promise<number>,
  script: (session: Session, one: (session: Session) => Promise<number>) => Promise<number>,
): Promise<number> {
  const inner = noted(session);
  const { notes } = inner;
  let told: Ended & { readonly message?: string } = { code: exitCode.ok };
  const own = async (its: Session): Promise<number> => {
    const ended = await ending(() => one(its));
    const report = await stackReport(command, its, notes, ended);
    told = { ...ended, message: report.message };
    notes.others.push(report);
    if (ended.error !== undefined) throw ended.error;
    return ended.code;
  };
  const { code, error } = await ending(() => script(inner, own));
  const document: CommandReport = {
    command,
    time: new Date().toISOString(),
    result: code === exitCode.ok ? "ok" : "failed",
    exitCode: code,
    message: error === undefined ? undefined : error === told.error ? told.message : new SecretFilter().text(error.message),
    stacks: notes.others,
  };
  session.print(JSON.stringify(document, undefined, 2));
  if (error !== undefined) throw error;
  return code;
}
