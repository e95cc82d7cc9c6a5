import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** A run of the fake helm: its arguments, its standard input, and the files that the arguments name. */
export interface HelmRun {
  readonly args: readonly string[];
  readonly input: string;
  readonly files: Readonly<Record<string, { readonly mode: string; readonly text: string }>>;
}

/** What the fake helm does at a command, e.g. `install` or `get metadata`. */
export interface HelmAnswer {
  readonly output?: string;
  readonly error?: string;
}

const PROGRAM = `
const fs = require("node:fs"), path = require("node:path");
const home = path.dirname(process.argv[1]);
const args = process.argv.slice(2);
const files = {};
for (const a of args) if (fs.existsSync(a) && fs.statSync(a).isFile())
  files[path.basename(a)] = { mode: (fs.statSync(a).mode & 0o777).toString(8), text: fs.readFileSync(a, "utf8") };
fs.appendFileSync(home + "/runs.jsonl", JSON.stringify({ args, input: fs.readFileSync(0, "utf8"), files }) + "\\n");
const answers = JSON.parse(fs.readFileSync(home + "/answers.json", "utf8"));
const given = answers[args.slice(0, 2).join(" ")] ?? answers[args[0]] ?? {};
const answer = Array.isArray(given) ? given.length > 1 ? given.shift() : given[0] : given;
fs.writeFileSync(home + "/answers.json", JSON.stringify(answers));
process.stdout.write(answer.output ?? "");
if (answer.error) { process.stderr.write(answer.error + "\\n"); process.exit(1); }
`;

/** Where it is a list, each run takes the next one, and the last one stays. */
export type HelmAnswers = Readonly<Record<string, HelmAnswer | readonly HelmAnswer[]>>;

/** A program that stands for helm: it writes down how it was run and answers as told. */
export class FakeHelm {
  private constructor(readonly folder: string) {}

  static async make(answers: HelmAnswers = {}): Promise<FakeHelm> {
    const fake = new FakeHelm(await fs.mkdtemp(path.join(os.tmpdir(), "fake-helm-")));
    await fs.writeFile(fake.path, `#!${process.execPath}\n${PROGRAM}`, { mode: 0o755 });
    await fs.writeFile(path.join(fake.folder, "answers.json"), JSON.stringify(answers));
    return fake;
  }

  get path(): string {
    return path.join(this.folder, "helm");
  }

  async runs(): Promise<readonly HelmRun[]> {
    const text = await fs.readFile(path.join(this.folder, "runs.jsonl"), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as HelmRun);
  }

  async remove(): Promise<void> {
    await fs.rm(this.folder, { recursive: true });
  }
}
