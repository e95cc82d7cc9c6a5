import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A self-signed root for tests, PEM. `days` below 0 make one that has expired. */
export async function selfSignedRoot(commonName: string, days = 365): Promise<string> {
  return (await certificateAuthority(commonName, { days })).certificate;
}

/** A self-signed certificate with its key, both PEM. */
export async function certificateAuthority(
  commonName: string,
  { days = 365, ca = true } = {},
): Promise<{ certificate: string; privateKey: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - 10 * 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(ca, undefined, true)],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: `${certificate.toString("pem")}\n`, privateKey: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}
