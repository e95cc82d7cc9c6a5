import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { wantedPlugins } from "../../local/plugins/officialPlugin";
import { ProjectCopy } from "./projectCopy";

describe("a stack on a cluster of its own, without the official plugins", function () {
  let project: ProjectCopy;

  before(() => {
    project = new ProjectCopy([]);
    const copy = fs.readFileSync(path.join(project.root, "Pulumi.dev.yaml"), "utf8");
    fs.writeFileSync(path.join(project.root, "Pulumi.mysite.yaml"), copy);
    project.configure({ "trustplane:cluster": { identifier: "mysite", kubeconfig: "/nowhere/kubeconfig" } }, "mysite");
  });

  after(() => {
    project.dispose();
  });

  for (const script of ["preview", "up", "drift", "refresh", "destroy"])
    it(`gets none of the embedded control plane's in their place: ${script}`, () => {
      const state = path.join(project.root, "elsewhere");
      fs.mkdirSync(state, { recursive: true });
      const env = {
        PULUMI_HOME: path.join(project.root, "home"),
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "mysite",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      };
      const before = fs.readFileSync(path.join(project.root, "Pulumi.mysite.yaml"), "utf8");
      const { text } = project.runWith(env, script, "--stack", "mysite").expect(1);
      for (const { name, version } of wantedPlugins) assert.ok(text.includes(`plugin install resource ${name} v${version}`), text);
      assert.doesNotMatch(text, /kubeconfig/);
      assert.deepEqual(fs.readdirSync(state), []);
      assert.equal(fs.readFileSync(path.join(project.root, "Pulumi.mysite.yaml"), "utf8"), before);
      assert.ok(!fs.existsSync(path.join(project.root, ".trustplane", "plugins")), "a launcher was written");
    });
});
