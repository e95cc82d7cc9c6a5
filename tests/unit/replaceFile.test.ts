import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { replaceFile } from "../../local/replaceFile";

describe("a file that is written as a whole", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "replace-"));
  const file = path.join(folder, "file");
  const mode = (): number => fs.statSync(file).mode & 0o777;

  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it("keeps its mode, or gets the one that is asked for", () => {
    replaceFile(file, "one", 0o600);
    replaceFile(file, "two");
    assert.deepEqual([fs.readFileSync(file, "utf8"), mode()], ["two", 0o600]);
    replaceFile(file, "three", 0o640);
    assert.equal(mode(), 0o640);
  });

  it("is written where a link leads, and the link stays", () => {
    const link = path.join(folder, "link");
    fs.symlinkSync(file, link);
    replaceFile(link, "by the link");
    assert.equal(fs.readFileSync(file, "utf8"), "by the link");
    assert.ok(fs.lstatSync(link).isSymbolicLink());
    assert.deepEqual(fs.readdirSync(folder).sort(), ["file", "link"]);
  });
});
