import * as fs from "node:fs";
import * as path from "node:path";
import type { MeasuredProject } from "./measure";
import type { Table } from "./table";

/**
 * Times `npm run tools` as on a machine that has never run it: its own cache is empty, and so are Go's caches of compiled packages and of modules.
 * Tools on PATH are found as always.
 */
export async function measureToolchain(project: MeasuredProject, table: Table): Promise<void> {
  const cache = fs.mkdtempSync(path.join(project.root, ".cache-"));
  const env = {
    XDG_CACHE_HOME: cache,
    GOCACHE: path.join(cache, "go-build"),
    GOMODCACHE: path.join(cache, "go-modules"),
    GOFLAGS: `${process.env.GOFLAGS ?? ""} -modcacherw`.trim(),
  };
  const what = "toolchain into an empty cache";
  const { seconds } = await project.script(what, "local/tools.ts", { env });
  table.add(what, "s", seconds);
}
