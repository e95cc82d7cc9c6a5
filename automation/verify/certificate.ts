import { X509Certificate } from "node:crypto";
import { failed, type Finding, ok, warning } from "../checks/check";

const DAY = 86_400_000;

/** When a certificate should have been replaced, and how. */
export interface Renewal {
  /** Before this it need not be; where absent, the last part of its life counts. */
  readonly due?: Date;
  /** The part of its life at whose end it is due. @default 2/3, as cert-manager does */
  readonly part?: number;
  readonly wayOut: string;
}

/** The certificates of a PEM text. @throws where one cannot be read */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((text) => new X509Certificate(text));
}

/** The name that people know a certificate by. */
export function commonName({ subject, subjectAltName }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subjectAltName ?? "a certificate without a name";
}

/** How long a certificate still lasts, and whether it should have been replaced. */
export function expiryFinding(subject: string, certificate: X509Certificate, now: Date, renewal: Renewal): Finding {
  const [begin, end] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  const days = Math.floor((end.getTime() - now.getTime()) / DAY);
  const date = end.toISOString().slice(0, 10);
  if (end <= now) return failed(subject, `ended on ${date}`, renewal.wayOut);
  if (begin > now) return failed(subject, `begins only on ${begin.toISOString()}`, "compare the clocks of this machine and of the cluster");
  const due = renewal.due ?? new Date(begin.getTime() + (end.getTime() - begin.getTime()) * (renewal.part ?? 2 / 3));
  const left = `${days} ${days === 1 ? "day" : "days"} left, until ${date}`;
  if (due > now) return ok(subject, left);
  return warning(subject, `${left}, and it was due for renewal on ${due.toISOString().slice(0, 10)}`, renewal.wayOut);
}
