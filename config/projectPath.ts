import * as os from "node:os";
import * as path from "node:path";

const projectRoot = path.resolve(__dirname, "..");

/** The absolute path of one that stands in the configuration: it counts from the project's folder, and `~/` is the home folder. */
export function projectPath(text: string): string {
  return text.startsWith("~/") ? path.join(os.homedir(), text.slice(2)) : path.resolve(projectRoot, text);
}
