import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runtimeRoot } from "../local/paths";

const noLogs =
  "A file where the Pulumi CLI would make a folder: it then writes no debug log of every command. Delete it to have those of a plain pulumi; the next npm run makes it again.\n";

/**
 * The CLI writes a debug log of every command into its home, up to 500 MB, which takes half of an operation's processor time and has no switch.
 * It goes on without one where it cannot make the folder.
 */
export function withoutDebugLogs(home: string): void {
  const logs = path.join(home, "logs");
  if (fs.statSync(logs, { throwIfNoEntry: false })?.isFile() === true) return;
  fs.rmSync(logs, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(logs, noLogs);
}

/** Nothing of an embedded stack is left in the user's folders, but plugins, which are a cache, are shared with every project. */
export function embeddedHome(): string {
  const home = path.join(runtimeRoot, "engine");
  withoutDebugLogs(home);
  const shared = path.join(process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"), "plugins");
  if (fs.existsSync(shared) && !fs.existsSync(path.join(home, "plugins"))) fs.symlinkSync(shared, path.join(home, "plugins"));
  return home;
}
