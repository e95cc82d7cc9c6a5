import * as os from "node:os";
import * as path from "node:path";

/** The project's folder. */
export const projectRoot = path.resolve(__dirname, "..");

/** Everything that a run makes inside the project's folder; ignored by git. `TRUSTPLANE_HOME` moves it (tests do). */
export const runtimeRoot = process.env.TRUSTPLANE_HOME ?? path.join(projectRoot, ".trustplane");

/** The embedded control plane's kubeconfig. */
export const embeddedKubeconfig = path.join(runtimeRoot, "kubeconfig");

/** The folders in which the engine runs for stacks with a cluster of their own; nothing but a run of the stack writes there. */
export const workRoot = path.join(runtimeRoot, "work");

/** Logs of the processes that a run starts, one file each. */
export const logRoot = path.join(runtimeRoot, "logs");

/** Tools that a second clone finds again. */
export const cacheRoot = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "trustplane");
