import * as path from "node:path";

import { runCommand } from "./runCommand";

/**
 * The folder of a Go module at a version, which Go downloads where its cache lacks it.
 * @param module e.g. `example.org/module@v1.0.0`, or without the version that of the module in `cwd`
 * @throws Error with what Go said
 */
export async function goModuleFolder(module: string, cwd = path.parse(process.cwd()).root, env = process.env): Promise<string> {
  const ask = runCommand("go", ["mod", "download", "-json", module], { cwd, env: { ...env, GOWORK: "off" } });
  const { succeeded, lines } = await ask.catch(() => ({ succeeded: false, lines: ["there is no Go on PATH"] }));
  if (!succeeded) throw new Error(lines.find((line) => line.includes('"Error"')) ?? lines.at(-1) ?? "go mod download failed");
  return (JSON.parse(lines.filter((line) => /^[{} \t]/.test(line)).join("\n")) as { readonly Dir: string }).Dir;
}
