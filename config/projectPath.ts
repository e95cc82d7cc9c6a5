import * as os from "node:os";
import * as path from "node:path";

const projectRoot = path.resolve(__dirname, "..");

/**
 * The absolute path of one that stands in the configuration: it counts from the project's folder, `~/` is the home folder,
 * and `.trustplane/` is where runs keep their files, which `TRUSTPLANE_HOME` moves.
 */
export function projectPath(text: string): string {
  if (text.startsWith("~/")) return path.join(os.homedir(), text.slice(2));
  const runtime = process.env.TRUSTPLANE_HOME;
  const inRuntime = /^(?:\.\/)?\.trustplane\/(.+)$/.exec(text);
  if (runtime !== undefined && inRuntime !== null) return path.resolve(runtime, inRuntime[1] ?? "");
  return path.resolve(projectRoot, text);
}
