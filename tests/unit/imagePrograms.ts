import * as fs from "node:fs";
import * as path from "node:path";

/** Programs of images that only have to be found and to succeed; the engine tests run the real registry, nginx and PostgreSQL. */
const programs = ["registry", "nginx", "wget", "nc", "psql", "pg_isready", "kubectl", "gcloud", "consolidater", "manager"];

/** Shell that reads the option of that name. */
function option(name: string): string {
  return `for each; do case $each in --${name}=*) given=\${each#*=};; esac; done`;
}

/** Those whose doings a command goes on with. */
const doings: Readonly<Record<string, string>> = {
  // what is asked for by `--write-out '%{http_code}'`
  curl: "printf 200",
  initdb: `${option("pgdata")}; mkdir "$given" "$given/global"; echo 17 > "$given/PG_VERSION"; echo > "$given/global/pg_control"`,
  pg_dump: `${option("file")}; echo dump > "$given"`,
  sleep: "exec /bin/sleep 0.1",
};

/** Puts them into a folder; each call of one of them leaves a letter in the file `calls`. */
export function installImagePrograms(folder: string, calls: string): void {
  fs.mkdirSync(folder);
  fs.writeFileSync(calls, "");
  for (const name of [...programs, ...Object.keys(doings)]) {
    const note = name === "sleep" ? "" : `printf x >> '${calls}'\n`;
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\nset -e\n${note}${doings[name] ?? ""}\n`, { mode: 0o755 });
  }
}
