import * as fs from "node:fs/promises";
import * as path from "node:path";

import { Apt } from "./apt";
import { runCommand } from "./runCommand";
import type { UnpackPackage } from "./toolSpec";
import { findVersion } from "./versionRange";

/** Runs the program of PostgreSQL that it is given first: `postgresql psql --version`. */
function launcher(major: string, libraries: readonly string[]): string {
  const paths = libraries.map((library) => `$here/${library}`).join(":");
  return `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
program=$1
shift
LD_LIBRARY_PATH="${paths}" exec "$here/usr/lib/postgresql/${major}/bin/$program" "$@"
`;
}

/** Every folder with a shared library, relative to that of the packages. */
async function libraryFolders(folder: string): Promise<string[]> {
  const files = await fs.readdir(folder, { recursive: true });
  const libraries = files.filter((file) => /^(usr\/)?lib\/.*\.so(\.|$)/.test(file));
  return [...new Set(libraries.map((file) => path.dirname(file)))].sort();
}

/**
 * Unpacks the PostgreSQL of this Debian with its PostGIS, without installing them, and writes a launcher of their programs.
 * @throws Error with the reason: not a Debian, no package source, or a server that does not run.
 */
export const unpackPostgresql: UnpackPackage = async (spec, folder, toolchain, onDetail) => {
  const apt = new Apt(folder, toolchain.env, onDetail);
  const dependencies = await apt.dependencies(spec.debianPackage ?? spec.name);
  const [postgis, major] = dependencies.flatMap((name) => /^postgresql-(\d+)-postgis-\d+$/.exec(name) ?? []);
  if (postgis === undefined || major === undefined) throw new Error(`${spec.debianPackage ?? spec.name} is for no version of PostgreSQL`);
  await apt.unpackWithDependencies([`postgresql-${major}`, `postgresql-client-${major}`, postgis]);
  await linkPostgis(path.join(folder, "usr", "share", "postgresql", major, "extension"));
  const program = path.join(folder, spec.name);
  await fs.writeFile(program, launcher(major, await libraryFolders(folder)), { mode: 0o755 });
  const answer = await runCommand(program, ["postgres", "--version"], { env: toolchain.env });
  const version = findVersion(answer.lines.join("\n"));
  if (!answer.succeeded || version === undefined)
    throw new Error(`the unpacked server does not run: ${answer.lines.at(-1) ?? "no message"}`);
  await apt.tidy();
  return version;
};

/** What the package does with update-alternatives when it is installed. */
async function linkPostgis(extensions: string): Promise<void> {
  const versioned = (await fs.readdir(extensions)).find((name) => /^postgis-\d+\.control$/.test(name));
  if (versioned === undefined) throw new Error(`there is no PostGIS in ${extensions}`);
  await fs.symlink(versioned, path.join(extensions, "postgis.control"));
}
