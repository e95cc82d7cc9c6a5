import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { dropCutAttributes, withoutAttributes } from "../../automation/fileBackend";

describe("a backend in a folder", () => {
  for (const [given, expected] of [
    ["file:///state", "file:///state?metadata=skip"],
    ["file://~/state", "file://~/state?metadata=skip"],
    ["file:///state?no_tmp_dir=false", "file:///state?no_tmp_dir=false&metadata=skip"],
    ["file:///state?metadata=skip", "file:///state?metadata=skip"],
    ["s3://bucket?region=eu", "s3://bucket?region=eu"],
    ["https://api.pulumi.com", "https://api.pulumi.com"],
    ["", ""],
  ] as const) {
    it(`is addressed without attributes: ${given}`, () => {
      assert.equal(withoutAttributes(given), expected);
    });
  }

  describe("dropCutAttributes", () => {
    let root: string;
    let file: string;

    beforeEach(() => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), "backend-"));
      file = path.join(root, ".pulumi", "stacks", "p", "dev.json.attrs");
      fs.mkdirSync(path.dirname(file), { recursive: true });
    });

    afterEach(() => {
      fs.rmSync(root, { recursive: true });
    });

    function drop(): void {
      dropCutAttributes({ backendUrl: pathToFileURL(root).href, project: "p", stack: "dev" });
    }

    it("removes attributes of which a kill left nothing", () => {
      fs.writeFileSync(file, "");
      drop();
      assert.equal(fs.existsSync(file), false);
    });

    it("leaves those that are whole", () => {
      fs.writeFileSync(file, "{}\n");
      drop();
      assert.equal(fs.readFileSync(file, "utf8"), "{}\n");
    });

    it("takes no offence at none", () => {
      drop();
      assert.deepEqual(fs.readdirSync(path.dirname(file)), []);
    });

    it("leaves other backends alone", () => {
      dropCutAttributes({ backendUrl: "s3://bucket", project: "p", stack: "dev" });
    });
  });
});
