import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { X509Certificate } from "node:crypto";

/** The certificates of a PEM text, each as PEM with one newline at its end. */
export function certificates(pem: string): readonly string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((block) => `${block}\n`);
}

/** How many CAs a CA allows below it, as OpenSSL tells; undefined for any number. */
export function pathLength(certificate: string): string | undefined {
  const text = execFileSync("openssl", ["x509", "-noout", "-ext", "basicConstraints"], { input: certificate, encoding: "utf8" });
  return /pathlen:(\d+)/.exec(text)?.[1];
}

/** Whether OpenSSL and Node both accept a served chain when `root` is all that they trust. */
export function verifiesAlone(chain: string, root: string): boolean {
  return verifiesWithOpenssl(chain, root) && verifiesWithNode(chain, root);
}

function verifiesWithOpenssl(chain: string, root: string): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "chain-"));
  const file = (name: string, text: string): string => {
    const place = path.join(folder, name);
    fs.writeFileSync(place, text);
    return place;
  };
  const args = ["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-CAfile", file("root.pem", root)];
  try {
    execFileSync("openssl", [...args, "-untrusted", file("chain.pem", chain), file("leaf.pem", certificates(chain)[0] ?? "")], {
      stdio: "pipe",
    });
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Every certificate is issued by the next, or by the root. */
function verifiesWithNode(chain: string, root: string): boolean {
  const trusted = new X509Certificate(root);
  let subject: X509Certificate | undefined;
  for (const pem of certificates(chain)) {
    const next = new X509Certificate(pem);
    if (subject && !(subject.checkIssued(next) && subject.verify(next.publicKey))) return false;
    if (next.checkIssued(trusted) && next.verify(trusted.publicKey)) return true;
    subject = next;
  }
  return false;
}
