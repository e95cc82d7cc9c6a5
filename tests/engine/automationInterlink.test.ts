import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { interlinkValues } from "../../automation/interlinkValues";
import { kindConfig } from "../../automation/kindConfig";
import { probe } from "../../automation/probe";
import { up } from "../../automation/up";
import { refusalOf, SmallProject } from "./smallProject";

describe("the scripts for InterLink on a small stack", () => {
  let project: SmallProject;

  beforeEach(() => {
    project = new SmallProject();
  });

  afterEach(() => {
    project.remove();
  });

  function configure(sections: Readonly<Record<string, unknown>>): void {
    const config = Object.fromEntries(Object.entries(sections).map(([key, value]) => [`trustplane:${key}`, value]));
    fs.writeFileSync(path.join(project.root, "Pulumi.one.yaml"), JSON.stringify({ config }));
  }

  const hostPort = {
    cluster: { identifier: "lab" },
    interlink: { address: "192.0.2.7", exposure: { type: "hostPort", port: 60444, nodeSelector: { edge: "yes" } } },
  };

  describe("interlink-values", () => {
    it("writes the stack's output, whatever it was computed from, and says how it is used", async () => {
      project.program(`return { interlinkValues: pulumi.secret('{"interlink":{}}') };`);
      await up(project.session());
      project.take();
      assert.equal(await interlinkValues(project.session({ out: "values.json" })), exitCode.ok);
      assert.equal(fs.readFileSync(path.join(project.root, "values.json"), "utf8"), '{"interlink":{}}\n');
      assert.match(project.take(), /wrote .*values\.json\nhelm upgrade .* -f .*values\.json[^]*rollout restart/);
    });

    it("names the section that is missing where the stack has no such output, and writes nothing", async () => {
      project.program("return { other: 1 };");
      await up(project.session());
      const { message, code } = await refusalOf(interlinkValues(project.session({ out: "values.json" })));
      assert.equal(code, exitCode.engine);
      assert.match(message, /no output interlinkValues.*Add trustplane:interlink to Pulumi\.one\.yaml.*npm run up -- --stack one$/);
      assert.equal(fs.existsSync(path.join(project.root, "values.json")), false);
    });

    it("says that there is nothing yet before the first update", async () => {
      project.program("return {};");
      const { message } = await refusalOf(interlinkValues(project.session({ out: "values.json" })));
      assert.match(message, /has no outputs yet\. Run: npm run up -- --stack one/);
    });

    it("asks for the file's name, and for a folder that exists", async () => {
      assert.match((await refusalOf(interlinkValues(project.session()))).message, /--out FILE/);
      project.program("return { interlinkValues: '{}' };");
      await up(project.session());
      const { message } = await refusalOf(interlinkValues(project.session({ out: "no/such/values.json" })));
      assert.match(message, /cannot be written \(ENOENT.*Name a file in a folder that exists/);
    });
  });

  describe("kind-config", () => {
    it("writes the file, or prints it", async () => {
      configure(hostPort);
      assert.equal(await kindConfig(project.session({ out: "kind.yaml" })), exitCode.ok);
      assert.match(project.take(), /kind create cluster --config kind\.yaml/);
      await kindConfig(project.session());
      const text = fs.readFileSync(path.join(project.root, "kind.yaml"), "utf8");
      assert.equal(project.take(), text.trimEnd());
      assert.match(text, /edge: yes|edge: "yes"/);
      assert.match(text, /hostPort: 60444/);
    });

    it("takes no notice of the secret beside the sections", async () => {
      configure({ ...hostPort, certificateAuthorityKey: { secure: "v1:abc" } });
      assert.equal(await kindConfig(project.session()), exitCode.ok);
    });

    it("refuses a second pod on a host port, since one node of kind has it", async () => {
      configure({ ...hostPort, interlink: { ...hostPort.interlink, replicas: 2 } });
      await assert.rejects(kindConfig(project.session()), /interlink\.replicas is 2: .* Set replicas: 1/);
    });

    it("names what is wrong with the sections, all at once", async () => {
      configure({ ...hostPort, interlink: { address: "https://192.0.2.7", exposure: { type: "hostPort", port: 70_000 } } });
      await assert.rejects(
        kindConfig(project.session()),
        /2 problems[^]*trustplane:interlink\.address[^]*trustplane:interlink\.exposure\.port/,
      );
    });
  });

  describe("probe", () => {
    it("is not run on the embedded control plane, and says why", async () => {
      configure({ cluster: { identifier: "dev", kubeconfig: ".trustplane/kubeconfig" } });
      assert.equal(await probe(project.session()), exitCode.ok);
      assert.equal(project.take(), "not run here: no container runs on the embedded control plane");
    });

    it("names the key that is missing where the stack has no probe", async () => {
      project.program("make(1); return {};");
      await up(project.session());
      const { message } = await refusalOf(probe(project.session()));
      assert.match(message, /stack one has no access probe\. Set trustplane:interlink\.accessProbe\.nodeName in Pulumi\.one\.yaml/);
    });

    it("takes a number of minutes only", async () => {
      configure(hostPort);
      assert.match((await refusalOf(probe(project.session({ wait: "soon" })))).message, /--wait soon: allowed is a number of minutes/);
    });
  });
});
