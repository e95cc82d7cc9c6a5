import { shortName } from "../deployment";
import type { Section } from "./budget";
import { moreItem, moreRow } from "./changeSections";
import { code, prose, tableHead, tableRow } from "./markdown";
import type { CertificateChange, CertificateFacts, PreviewReport, Right } from "./previewReport";

/** From this score a right is pointed out: it reaches beyond what it says. */
const powerful = 50;

/** How many consumers of one certificate the table names. */
const shownConsumers = 5;

function right({ text, score }: Right): string {
  return score >= powerful ? `**${prose(text)}**` : prose(text);
}

/** What subjects of RBAC may do more or less, a line for each right. */
export function rightsSection({ rights }: PreviewReport): Section | undefined {
  if (rights.length === 0) return undefined;
  const items = rights.flatMap(({ subject, gains, loses }) => [
    ...gains.map((each) => `- ${code(subject)} gains: ${right(each)}\n`),
    ...loses.map((each) => `- ${code(subject)} loses: ${right(each)}\n`),
  ]);
  return { rank: 3, open: "\n#### RBAC\n\n", items, more: moreItem, close: "", share: 0.15 };
}

const fields = ["subject", "expiry", "algorithm", "fingerprint"] as const satisfies readonly (keyof CertificateFacts)[];

function cell({ before, after }: CertificateChange, field: (typeof fields)[number]): string {
  const [was, becomes] = [before?.[field], after?.[field]].map((text) => (text === undefined ? undefined : code(text)));
  if (after === undefined) return was ?? "";
  if (before === undefined || was === becomes) return becomes ?? "after the update";
  return `${was ?? "unknown"} → ${becomes ?? "after the update"}`;
}

function consumerList(consumers: readonly string[]): string {
  const shown = consumers.slice(0, shownConsumers).map((name) => code(name));
  return consumers.length <= shownConsumers ? shown.join(", ") : `${shown.join(", ")} and ${consumers.length - shownConsumers} more`;
}

/** Certificates that come, go or change. */
export function certificatesSection({ certificates }: PreviewReport): Section | undefined {
  if (certificates.length === 0) return undefined;
  const items = certificates.map((change) =>
    tableRow([change.op, code(shortName(change.urn)), ...fields.map((field) => cell(change, field)), consumerList(change.consumers)]),
  );
  const head = tableHead(["operation", "certificate", ...fields, "who must reload"]);
  return { rank: 4, open: `\n#### Certificates\n\n${head}`, items, more: moreRow(fields.length + 3), close: "", share: 0.15 };
}

/** Ways into the cluster that open and close. */
export function exposuresSection({ exposures }: PreviewReport): Section | undefined {
  if (exposures.length === 0) return undefined;
  const items = exposures.map(({ opens, resource, way }) => `- ${opens ? "**opens**" : "closes"} ${code(resource)}: ${code(way, 200)}\n`);
  return { rank: 5, open: "\n#### Exposure\n\n", items, more: moreItem, close: "", share: 0.15 };
}
