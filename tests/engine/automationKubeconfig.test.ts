import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { exitCode } from "../../automation/exitCode";
import { kubeconfig } from "../../automation/kubeconfig";
import { up } from "../../automation/up";
import { selfSignedRoot } from "../certificates";
import { refusalOf, SmallProject } from "./smallProject";

describe("npm run kubeconfig, on a small stack", () => {
  let project: SmallProject;
  const token = JSON.stringify({ users: [{ user: { token: "none" } }] });
  const texts: Record<string, string> = { physics: token };

  before(async () => {
    for (const [tenant, days] of [
      ["biology", 30],
      ["chemistry", -1],
    ] as const) {
      const data = Buffer.from(await selfSignedRoot("tenant", days)).toString("base64");
      texts[tenant] = JSON.stringify({ users: [{ user: { "client-certificate-data": data } }] });
    }
    project = new SmallProject();
    project.program(`return { kubeconfigs: pulumi.secret(${JSON.stringify(texts)}) };`);
    await up(project.session());
    project.take();
  });

  after(() => {
    project.remove();
  });

  const file = (name: string): string => path.join(project.root, name);

  it("writes the tenant's own, for its owner alone, and says how it is used", async () => {
    assert.equal(await kubeconfig(project.session({ tenant: "physics", out: "physics.yaml" })), exitCode.ok);
    assert.equal(fs.readFileSync(file("physics.yaml"), "utf8"), token);
    assert.equal(fs.statSync(file("physics.yaml")).mode & 0o777, 0o600);
    assert.match(
      project.take(),
      /^wrote .*physics\.yaml, for its owner alone\nkubectl --kubeconfig .*physics\.yaml auth can-i --list\nwarning: it is in the project's folder\. Never commit it.* --out ~\/\.kube\/physics\.yaml$/,
    );
  });

  it("warns of no file outside the project's folder", async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "kube-"));
    await kubeconfig(project.session({ tenant: "physics", out: path.join(elsewhere, "physics.yaml") }));
    assert.doesNotMatch(project.take(), /warning/);
    fs.rmSync(elsewhere, { recursive: true });
  });

  it("replaces a file that others may read, or that is a link, and leaves no other file", async () => {
    fs.writeFileSync(file("target"), "kept", { mode: 0o644 });
    fs.symlinkSync(file("target"), file("link.yaml"));
    fs.writeFileSync(file("open.yaml"), "old");
    fs.chmodSync(file("open.yaml"), 0o644);
    const before = fs.readdirSync(project.root).length;
    for (const out of ["open.yaml", "link.yaml"]) {
      await kubeconfig(project.session({ tenant: "physics", out }));
      assert.equal(fs.lstatSync(file(out)).mode & 0o170777, 0o100600);
    }
    assert.equal(fs.readFileSync(file("target"), "utf8"), "kept");
    assert.equal(fs.readdirSync(project.root).length, before);
    project.take();
  });

  it("says when a certificate ends, and that it has ended", async () => {
    await kubeconfig(project.session({ tenant: "biology", out: "biology.yaml" }));
    assert.match(project.take(), /\nits certificate ends on \d{4}-.*; npm run up -- --stack one renews it in time, then write it again$/);
    await kubeconfig(project.session({ tenant: "chemistry", out: "chemistry.yaml" }));
    assert.match(project.take(), /\nits certificate ended on /);
  });

  it("prints it and nothing else where the file is -", async () => {
    await kubeconfig(project.session({ tenant: "physics", out: "-" }));
    assert.equal(project.take(), token);
  });

  it("names the tenant that was probably meant, and all that there are", async () => {
    const { message } = await refusalOf(kubeconfig(project.session({ tenant: "fysics", out: "x.yaml" })));
    assert.match(message, /--tenant fysics: stack one has no such tenant\. Did you mean physics\? Tenants: .*biology.*\.$/);
    const { message: proto } = await refusalOf(kubeconfig(project.session({ tenant: "constructor", out: "x.yaml" })));
    assert.match(proto, /no such tenant/);
    assert.equal(fs.existsSync(file("x.yaml")), false);
  });

  it("asks for both names, and for a folder that exists", async () => {
    assert.match((await refusalOf(kubeconfig(project.session({ out: "x.yaml" })))).message, /--tenant NAME/);
    assert.match((await refusalOf(kubeconfig(project.session({ tenant: "physics" })))).message, /--out FILE, or --out -/);
    const { message } = await refusalOf(kubeconfig(project.session({ tenant: "physics", out: "no/such/file" })));
    assert.match(message, /cannot be written \(ENOENT.*Name a file in a folder that exists/);
    fs.mkdirSync(file("folder"));
    assert.match((await refusalOf(kubeconfig(project.session({ tenant: "physics", out: "folder" })))).message, /cannot be written/);
    assert.deepEqual(
      fs.readdirSync(project.root).filter((name) => name.startsWith("folder.")),
      [],
    );
  });

  it("names the section that is missing where the stack has no tenants", async () => {
    project.program("return { kubeconfigs: pulumi.secret({}) };");
    await up(project.session());
    const { message } = await refusalOf(kubeconfig(project.session({ tenant: "physics", out: "x.yaml" })));
    assert.match(message, /no output kubeconfigs.*Add them to trustplane:plexus in Pulumi\.one\.yaml.*npm run up -- --stack one$/);
  });
});
