import "reflect-metadata";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { webcrypto } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as x509 from "@peculiar/x509";
import { judgeLog } from "../../automation/probeVerdict";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";

const node = { nodeName: "vk", namespace: "interlink" };
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

interface Identity {
  readonly cert: string;
  readonly key: string;
}

async function identity(address: string, days = 1): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${address}`,
    notBefore: new Date(Date.now() - 10 * 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true), new x509.SubjectAlternativeNameExtension([{ type: "ip", value: address }])],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { cert: certificate.toString("pem"), key };
}

/** What nginx says of an error, and what the API server does. */
const page = (code: number, words: string): string =>
  `<html>\r\n<head><title>${code} ${words}</title></head>\r\n<body>\r\n<center><h1>${code} ${words}</h1></center>\r\n</body>\r\n</html>\r\n`;
const status = (code: number, reason: string, message: string): string =>
  JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message });

/** kubectl itself, as the probe runs it, meets one fault after the other. */
describe("what kubectl prints of a fault", () => {
  const servers: http.Server[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "probe-"));
  let kubectl: string;

  before(async () => {
    kubectl = (await ensureTools(["kubectl"], silentProgress)).kubectl.path;
  });

  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    fs.rmSync(folder, { recursive: true });
  });

  async function listen(server: http.Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  /** What `kubectl auth can-i --list` prints, whatever it ends with. */
  function printed(...args: readonly string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: folder };
    const command = ["--kubeconfig", os.devNull, "--token", "t", "--request-timeout", "5s", ...args, "auth", "can-i", "--list"];
    return new Promise((resolve) => {
      execFile(kubectl, command, { env }, (_, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  }

  async function answered(code: number, type: string, body: string): Promise<string> {
    const port = await listen(http.createServer((_, response) => response.writeHead(code, { "content-type": type }).end(body)));
    return printed("--server", `http://127.0.0.1:${port}`);
  }

  async function served(shown: Identity, trusted: Identity): Promise<string> {
    const port = await listen(https.createServer({ ...shown }, (_, response) => response.end()));
    const ca = path.join(folder, `${port}.pem`);
    fs.writeFileSync(ca, trusted.cert);
    return printed("--server", `https://127.0.0.1:${port}`, "--certificate-authority", ca);
  }

  function assertFault(log: string, result: RegExp): void {
    const verdict = judgeLog(log, node);
    assert.equal(verdict.passed, false, log);
    assert.match(verdict.result, result, log);
  }

  it("is no fault where the API server answers: the table is counted", async () => {
    const rules = { resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }], nonResourceRules: [], incomplete: false };
    const review = { kind: "SelfSubjectRulesReview", apiVersion: "authorization.k8s.io/v1", spec: {}, status: rules };
    const log = await answered(201, "application/json", JSON.stringify(review));
    assert.deepEqual(judgeLog(log, node), { passed: true, result: "passed: the API server answered with 1 rules" });
  });

  it("is a certificate of another CA", async () => {
    assertFault(await served(await identity("127.0.0.1"), await identity("127.0.0.1")), /^certificate unknown/);
  });

  it("is a certificate for another address", async () => {
    const other = await identity("192.0.2.9");
    assertFault(await served(other, other), /^certificate of another address/);
  });

  it("is a certificate that has expired", async () => {
    const old = await identity("127.0.0.1", -1);
    assertFault(await served(old, old), /^certificate out of its time/);
  });

  it("is a port on which nothing listens", async () => {
    const closed = await listen(http.createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    assertFault(await printed("--server", `https://127.0.0.1:${closed}`), /^connection refused/);
  });

  it("is an address that does not answer", async () => {
    const silent = await listen(http.createServer(() => undefined));
    assertFault(await printed("--server", `http://127.0.0.1:${silent}`, "--request-timeout", "1s"), /^no way/);
  });

  it("is a name that no DNS has", async () => {
    assertFault(await printed("--server", "https://edge.invalid:60443"), /^name unknown/);
  });

  it("is a pod that was told of no cluster", async () => {
    assertFault(await printed(), /^no token or no address in the pod/);
  });

  it("is a token that the API server does not take", async () => {
    assertFault(await answered(401, "application/json", status(401, "Unauthorized", "Unauthorized")), /^unauthorized/);
  });

  it("is an address that the edge does not let in", async () => {
    assertFault(await answered(403, "text/html", page(403, "Forbidden")), /^refused by the edge/);
  });

  it("is a ServiceAccount that may not even ask", async () => {
    const message = 'selfsubjectrulesreviews.authorization.k8s.io is forbidden: User "x" cannot create resource';
    assertFault(await answered(403, "application/json", status(403, "Forbidden", message)), /^forbidden/);
  });

  for (const [code, words] of [
    [502, "Bad Gateway"],
    [503, "Service Temporarily Unavailable"],
    [504, "Gateway Time-out"],
  ] as const) {
    it(`is an edge that does not reach the API server, with ${code}`, async () => {
      assertFault(await answered(code, "text/html", page(code, words)), /^the edge does not reach the API server/);
    });
  }
});
