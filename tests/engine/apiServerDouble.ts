import "reflect-metadata";
import { createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as x509 from "@peculiar/x509";

/** A CA with its key, both PEM. */
export interface Signer {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A TLS server in the API server's place, which remembers what reaches it and echoes what is sent after an upgrade. */
export class ApiServerDouble {
  /** Headers of every request. */
  readonly requests: IncomingHttpHeaders[] = [];

  private constructor(private readonly server: https.Server) {
    server.on("request", (request, response) => {
      this.requests.push(request.headers);
      request.resume().on("end", () => response.end("seen"));
    });
    server.on("upgrade", (request, socket, head) => {
      this.requests.push(request.headers);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade ?? ""}\r\n\r\n`);
      socket.write(head);
      socket.on("error", () => undefined).pipe(socket);
    });
  }

  /** Listens with a certificate for `dnsName` that `signer` signed. */
  static async start(dnsName: string, signer: Signer): Promise<ApiServerDouble> {
    const server = https.createServer(await leaf(dnsName, signer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ApiServerDouble(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/** A certificate for `dnsName` with its key, both PEM. */
export async function leaf(dnsName: string, signer: Signer): Promise<{ cert: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString("hex"),
    subject: `CN=${dnsName}`,
    issuer: new x509.X509Certificate(signer.certificate).subject,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    publicKey: keys.publicKey,
    ...(await signing(signer.privateKey)),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: dnsName }])],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: certificate.toString("pem"), key: x509.PemConverter.encode(key, "PRIVATE KEY") };
}

type Signing = Pick<x509.X509CertificateCreateParams, "signingAlgorithm"> & { readonly signingKey: webcrypto.CryptoKey };

async function signing(privateKey: string): Promise<Signing> {
  const key = createPrivateKey(privateKey);
  const signingAlgorithm =
    key.asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const bytes = key.export({ type: "pkcs8", format: "der" });
  return { signingAlgorithm, signingKey: await webcrypto.subtle.importKey("pkcs8", bytes, signingAlgorithm, false, ["sign"]) };
}
