import { spawn } from "node:child_process";

const KILL_AFTER_MILLISECONDS = 60_000;
/** Helm would follow these instead of the flags that the stand-in gives it. */
const FOREIGN = /^(KUBECONFIG|HELM_NAMESPACE|HELM_KUBE.*)$/;

/** Helm ended with an error; the message is helm's own, without its prefixes. */
export class HelmError extends Error {}

export interface HelmOptions {
  /** Written to helm's standard input. */
  readonly input?: string;
  /** When aborted, helm is asked to stop (it then marks the release as failed), and killed 60 s later where it hangs. */
  readonly signal?: AbortSignal;
}

/**
 * Runs helm and gives its standard output.
 * @param helm the binary's path, or a name on PATH.
 * @throws HelmError when helm fails or cannot be started.
 */
export function runHelm(helm: string, args: readonly string[], options: HelmOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(helm, args, { env: environment() });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    const release = stopWhenAborted(child, options.signal);
    child.on("error", (error: NodeJS.ErrnoException) => {
      release();
      reject(new HelmError(notStarted(helm, error)));
    });
    child.on("close", (code) => {
      release();
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(new HelmError(helmMessage(Buffer.concat(errors).toString("utf8"), code)));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

function stopWhenAborted(child: ReturnType<typeof spawn>, signal: AbortSignal | undefined): () => void {
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    killer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MILLISECONDS);
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return () => {
    signal?.removeEventListener("abort", stop);
    clearTimeout(killer);
  };
}

function notStarted(helm: string, error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") return `cannot run helm (${helm}): ${error.message}`;
  return `cannot find helm (${helm}): install helm 3 on PATH, or name its binary in the environment variable TRUSTPLANE_HELM`;
}

/** The last error in what helm said, without "Error: INSTALLATION FAILED: " and the like. */
function helmMessage(errors: string, code: number | null): string {
  const at = errors.lastIndexOf("Error: ");
  const message = (at < 0 ? errors : errors.slice(at + "Error: ".length)).replace(/^(INSTALLATION|UPGRADE) FAILED: /, "").trim();
  return message === "" ? `helm ended with status ${String(code)}` : message;
}
