import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startScript } from "../../components/geocube/consolidater";
import { topicsScript } from "../../components/geocube/pubsubEmulator";
import { patience } from "../patience";

describe("the consolidater's start", () => {
  let folder: string;
  let workdir: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "consolidater-"));
    workdir = path.join(folder, "work");
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** How the script ended, with another program in the consolidater's place. */
  async function started(...program: readonly string[]): Promise<{ code: number; said: string }> {
    return new Promise((resolve) => {
      execFile("sh", ["-c", startScript, workdir, ...program], (error, stdout) => {
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout });
      });
    });
  }

  it("gives arguments on as they are, and the program's own exit code", async () => {
    const printed = await started(
      "sh",
      "-c",
      'printf "%s|" "$@"; exit 7',
      "consolidater",
      "-pgqConnection=postgres://u:p w@h?a=$(id)&b",
      "-x",
    );
    assert.deepEqual(printed, { code: 7, said: "-pgqConnection=postgres://u:p w@h?a=$(id)&b|-x|" });
  });

  it("leaves nothing of an earlier container to the next one", async () => {
    await started("sh", "-c", `touch '${workdir}/half-a-dataset'`);
    assert.deepEqual(fs.readdirSync(workdir), ["half-a-dataset"]);
    await started("true");
    assert.deepEqual(fs.readdirSync(workdir), []);
  });

  it("becomes the program, so that a signal reaches it", async () => {
    const child = spawn("sh", ["-c", startScript, workdir, "sleep", "60"]);
    const ended = once(child, "exit");
    while (fs.readFileSync(`/proc/${child.pid}/comm`, "utf8") !== "sleep\n") await sleep(10);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [null, "SIGTERM"]);
  });
});

describe("what makes the emulator's topics", () => {
  it("makes them, and makes them again once the emulator has forgotten them", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "emulator-"));
    const ready = path.join(folder, "ready");
    const made = new Map<string, unknown>();
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const key = `${request.method ?? ""} ${request.url ?? ""}`;
        response.writeHead(made.has(key) ? 409 : 200).end();
        if (!made.has(key)) made.set(key, JSON.parse(Buffer.concat(chunks).toString()));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const push = "http://apiserver-service.geocube.svc:8080/push";
    const names = { PROJECT: "p", ORDERS: "consolidations", EVENTS: "events", PUSH: push, READY: ready, PAUSE: "0.1" };
    const env = {
      ...process.env,
      ...names,
      EMULATOR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NO_PROXY: "*",
      no_proxy: "*",
    };
    const script = spawn("sh", ["-c", topicsScript], { env, stdio: "inherit" });
    const topic = (name: string): string => `projects/p/topics/${name}`;
    const expected = new Map<string, unknown>([
      ["PUT /v1/projects/p/topics/consolidations", {}],
      ["PUT /v1/projects/p/topics/events", {}],
      ["PUT /v1/projects/p/subscriptions/consolidations", { topic: topic("consolidations"), ackDeadlineSeconds: 10 }],
      ["PUT /v1/projects/p/subscriptions/events", { topic: topic("events"), ackDeadlineSeconds: 10, pushConfig: { pushEndpoint: push } }],
    ]);
    try {
      await until(() => fs.existsSync(ready));
      assert.deepEqual(made, expected);
      made.clear();
      await until(() => made.size === expected.size);
      assert.deepEqual(made, expected);
      server.closeAllConnections();
      server.close();
      await until(() => !fs.existsSync(ready));
    } finally {
      script.kill("SIGKILL");
      server.close();
      await once(script, "exit");
      fs.rmSync(folder, { recursive: true });
    }
  });
});

async function until(holds: () => boolean): Promise<void> {
  const limit = patience(60);
  const deadline = Date.now() + limit;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${limit / 1000} s`);
    await sleep(20);
  }
}
