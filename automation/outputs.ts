import type { Usage } from "./arguments";
import { stackOutputs } from "./deployment";
import { exitCode, Failure } from "./exitCode";
import { outputsText } from "./outputsText";
import { runScript, type Session } from "./session";
import { readState } from "./workspace";

const usage: Usage = {
  command: "outputs",
  about: "Prints a stack's outputs.",
  options: [
    { name: "json", about: "print one JSON object of name: value (with npm run --silent, nothing else is on stdout)" },
    { name: "show-secrets", about: "print secrets as they are instead of [secret]" },
  ],
};

/** Prints the outputs of the last update. */
export async function outputs(session: Session): Promise<number> {
  const found = stackOutputs((await readState(session)) ?? {}, session.given.has("show-secrets"));
  if (found === undefined)
    throw new Failure(
      `stack ${session.stack} has no outputs yet. Run: npm run up${session.stack === "dev" ? "" : ` -- --stack ${session.stack}`}`,
    );
  session.print(session.given.has("json") ? JSON.stringify(found, null, 2) : outputsText(found, true));
  return exitCode.ok;
}

if (require.main === module) runScript(usage, outputs);
