import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import type { ToolSpec } from "../../local/toolchain/toolSpec";
import { closeFixture, openFixture, writeScript, type Fixture } from "./toolchainFixture";

/** Makes an empty package file of each name that is downloaded, and of what an installation would bring; fails until the lists are there, where the test asks for that. */
const fakeApt = `
echo "$*" >> "$APT_LOG"
case " $* " in *" update "*) exit 0;; esac
if [ -n "$NEEDS_LISTS" ]; then case "$*" in *Dir::State::lists=*) ;; *) echo "E: Unable to locate package" >&2; exit 100;; esac; fi
case " $* " in *" install "*) set -- download libpcre2-8-0;; esac
while [ "$1" != download ]; do shift; done
shift
for name in "$@"; do : > "\${name}_1.0_amd64.deb"; done`;

/** Unpacks nginx as a script that wants its library, and the library as an empty file. */
const fakeDpkg = `
case $(basename "$2") in
  nginx_*) mkdir -p "$3/usr/sbin"; printf '%s\\n' "$NGINX" > "$3/usr/sbin/nginx"; chmod +x "$3/usr/sbin/nginx";;
  lib*) mkdir -p "$3/usr/lib/x"; : > "$3/usr/lib/x/libpcre2-8.so.0";;
esac`;

const runsAlone = `#!/bin/sh
echo "nginx version: nginx/1.24.0" >&2`;
const wantsLibrary = `#!/bin/sh
for folder in $(echo "$LD_LIBRARY_PATH" | tr : " "); do
  if [ -e "$folder/libpcre2-8.so.0" ]; then echo "nginx version: nginx/1.26.3"; exit 0; fi
done
echo "nginx: error while loading shared libraries: libpcre2-8.so.0" >&2; exit 127`;

describe("unpackDebianPackage", () => {
  const nginx: ToolSpec = {
    name: "nginx",
    version: "1.22",
    licence: "",
    onPath: { versionArguments: ["-v"], fits: { least: "99.0" } },
    debianPackage: "nginx",
  };
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await openFixture([nginx]);
    Object.assign(fixture.env, { APT_LOG: path.join(fixture.folder, "apt.log"), NGINX: runsAlone });
    await writeScript(path.join(fixture.bin, "apt-get"), fakeApt);
    await writeScript(path.join(fixture.bin, "dpkg"), fakeDpkg);
  });
  afterEach(() => closeFixture(fixture));

  async function aptCalls(): Promise<string[]> {
    return (await fs.readFile(path.join(fixture.folder, "apt.log"), "utf8")).trim().split("\n");
  }

  it("runs the program from the cache, with the version that it prints", async () => {
    const tools = await ensureTools(["nginx"], silentProgress, fixture);
    const file = path.join(fixture.cache, "nginx", "1.22-linux-amd64", "nginx");
    assert.deepEqual(tools.nginx, { name: "nginx", version: "1.24.0", path: file, origin: "Debian package" });
    const again = await ensureTools(["nginx"], silentProgress, fixture);
    assert.deepEqual(again.nginx, { ...tools.nginx, origin: "cache", obtainedFrom: "Debian package" });
    assert.deepEqual(await aptCalls(), ["download nginx"]);
  });

  it("unpacks the libraries that the machine lacks beside it", async () => {
    fixture.env.NGINX = wantsLibrary;
    const { nginx: tool } = await ensureTools(["nginx"], silentProgress, fixture);
    const [first, second] = await aptCalls();
    assert.equal(first, "download nginx");
    assert.match(second ?? "", / install --download-only .* nginx$/);
    assert.equal(tool.version, "1.26.3");
    assert.match((await promisify(execFile)(tool.path, ["-v"])).stdout, /nginx\/1\.26\.3/);
  });

  it("reads package lists of its own where the system has none", async () => {
    fixture.env.NEEDS_LISTS = "yes";
    await ensureTools(["nginx"], silentProgress, fixture);
    const [, update, download] = await aptCalls();
    assert.match(update ?? "", /Dir::State::lists=.*\/\.packages\/state\/lists .* update$/);
    assert.match(download ?? "", / download nginx$/);
  });

  it("says that this is no Debian, or why the program does not run", async () => {
    fixture.env.NGINX = "#!/bin/sh\necho 'Illegal instruction' >&2; exit 132";
    await assert.rejects(
      ensureTools(["nginx"], silentProgress, fixture),
      /Debian package: the unpacked nginx does not run: Illegal instruction/,
    );
    await fs.rm(path.join(fixture.bin, "apt-get"));
    const other = { ...fixture, env: { PATH: fixture.bin } };
    await assert.rejects(ensureTools(["nginx"], silentProgress, other), /Debian package: there is no apt-get: this machine is no Debian/);
  });
});
