import type { Usage } from "./arguments";
import { exitCode } from "./exitCode";
import { lastOutputs } from "./lastOutputs";
import { outputsText } from "./outputsText";
import { runScript, type Session } from "./session";

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
  const found = await lastOutputs(session, session.given.has("show-secrets"));
  session.print(session.given.has("json") ? JSON.stringify(found, null, 2) : outputsText(found, true));
  return exitCode.ok;
}

if (require.main === module) runScript(usage, outputs);
