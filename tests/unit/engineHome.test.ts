import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { withoutDebugLogs } from "../../automation/engineHome";

describe("withoutDebugLogs", () => {
  let home: string;
  let logs: string;

  beforeEach(() => {
    home = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "home-")), "engine");
    logs = path.join(home, "logs");
  });

  afterEach(() => {
    fs.rmSync(path.dirname(home), { recursive: true });
  });

  it("makes a home in which there is no folder for logs, and none can be made", () => {
    withoutDebugLogs(home);
    assert.throws(() => fs.mkdirSync(logs, { recursive: true }), /EEXIST/);
    assert.match(fs.readFileSync(logs, "utf8"), /no debug log.*Delete it/);
  });

  it("takes away what was logged before", () => {
    fs.mkdirSync(logs, { recursive: true });
    fs.writeFileSync(path.join(logs, "one.log"), "much");
    withoutDebugLogs(home);
    assert.ok(fs.statSync(logs).isFile());
  });

  it("leaves it as it is from then on", () => {
    withoutDebugLogs(home);
    fs.utimesSync(logs, 1, 1);
    withoutDebugLogs(home);
    assert.equal(fs.statSync(logs).mtimeMs, 1000);
  });
});
