import assert from "node:assert/strict";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { tlsProxyConfiguration } from "../../components/platform/tlsProxy";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { certificateAuthority } from "../certificates";
import { eventually } from "./controlPlaneTestbed";
import { freePort } from "./freePort";
import { GrpcClient, startGrpcServer } from "./grpcServer";
import { LoopbackNginx } from "./loopbackNginx";
import { MountedVolume } from "./mountedVolume";

const host = "server.example.org";

/** A leaf that is its own root, as files of a Secret. */
async function leaf(): Promise<Readonly<Record<string, string>>> {
  const { certificate, privateKey } = await certificateAuthority(host);
  return { "tls.crt": certificate, "tls.key": privateKey };
}

describe("nginx before a server of gRPC", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "grpc-"));
  const ending: (() => unknown)[] = [];
  let first: Readonly<Record<string, string>>;
  let mounted: MountedVolume;
  let port: number;

  const client = (roots: Readonly<Record<string, string>>): GrpcClient => {
    const made = new GrpcClient(port, host, roots["tls.crt"] ?? "");
    ending.push(() => {
      made.close();
    });
    return made;
  };

  before(async () => {
    const { nginx } = await ensureTools(["nginx"], silentProgress);
    first = await leaf();
    mounted = new MountedVolume(path.join(folder, "leaf"), first);
    port = await freePort();
    const serverPort = await freePort();
    ending.push(await startGrpcServer(serverPort));
    const configuration = tlsProxyConfiguration({ protocol: "grpc", port: 8080, serverPort, drainSeconds: 10 });
    const places = { "/etc/nginx/tls": mounted.folder, "listen 8080 ": `listen 127.0.0.1:${port} ` };
    const proxy = new LoopbackNginx({ nginx: nginx.path, configuration, places });
    ending.push(() => proxy.stop());
    const answers = async (): Promise<boolean> =>
      (await client(first)
        .once("ready")
        .catch(() => "")) === "ready";
    await eventually(`nginx answers; what it says instead is in ${proxy.log}`, answers);
  });

  after(async () => {
    for (const end of ending.reverse()) await end();
    fs.rmSync(folder, { recursive: true });
  });

  it("passes calls of 3 MB", async () => {
    const text = "cube ".repeat(600_000);
    assert.equal(await client(first).once(text), text);
  });

  it("serves a renewed leaf to new connections, while a stream that is open goes on", async () => {
    const stream = client(first).talk();
    const say = async (text: string): Promise<string> => {
      stream.write(Buffer.from(text));
      const [answer] = (await once(stream, "data")) as [Buffer];
      return String(answer);
    };
    assert.equal(await say("before"), "before");
    const second = await leaf();
    mounted.replace(second);
    assert.equal(await client(second).once("renewed"), "renewed");
    await assert.rejects(client(first).once("old"), /UNAVAILABLE/);
    assert.equal(await say("after"), "after");
    stream.end();
    await once(stream, "end");
  });
});
