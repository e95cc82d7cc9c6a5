import { duration } from "../progress";
import { runCommand } from "./runCommand";

/** Of a build's time, what compiling takes; the rest is linking, of which Go says nothing. */
const compiling = 0.85;

/** Of `go list`: a package that has to be compiled. */
const stale = "{{if .Stale}}{{.ImportPath}}{{end}}";

/**
 * Turns the lines of `go build -v` into what is going on: modules that are downloaded, then packages that are compiled, with the share that is done
 * and the time that is left.
 * @param packages with the flags that they are compiled with, which decide what has to be.
 */
export async function goProgress(
  packages: readonly string[],
  inModule: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  onDetail: (text: string) => void,
): Promise<(line: string) => void> {
  onDetail("downloading Go modules");
  let modules = 0;
  const tellModule = (line: string): void => {
    if (line.startsWith("go: downloading ")) onDetail(`downloading Go modules, ${++modules} so far`);
  };
  // a failure of it is told by the build, which meets the same
  const { lines } = await runCommand("go", ["list", "-deps", "-f", stale, ...packages], { ...inModule, onLine: tellModule });
  const total = lines.filter(isPackage).length;
  onDetail(`building from the Go module, ${total} packages`);
  const begun = Date.now();
  let compiled = 0;
  return (line) => {
    if (!isPackage(line)) return;
    const share = Math.min(1, ++compiled / Math.max(total, compiled)) * compiling;
    onDetail(`building from the Go module, ${Math.floor(share * 100)} %, ${timeLeft(Date.now() - begun, share)}`);
  };
}

function timeLeft(spent: number, share: number): string {
  return `about ${duration((spent / share) * (1 - share))} left`;
}

/** Whether a line of `go build -v` or `go list` is a package. */
export function isPackage(line: string): boolean {
  return /^[\w./~-]+$/.test(line);
}
