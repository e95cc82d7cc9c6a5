import { shortName } from "../deployment";
import type { Section } from "./budget";
import { code, moreItem, prose } from "./markdown";
import type { CertificateChange, CertificateFacts, PreviewReport, Right } from "./previewReport";

/** From this score a right is pointed out: it reaches beyond what it says. */
const powerful = 50;

/** How much of what one right can be used for is said. */
const shownMeanings = 3;

/** How many consumers of one certificate are named. */
const shownConsumers = 5;

function right({ text, score, means }: Right): string {
  const meant = means.length === 0 ? "" : `: ${prose(means.slice(0, shownMeanings).join("; "))}`;
  return score >= powerful ? `**${prose(text)}**${meant}` : prose(text);
}

function line(what: string, text: string): string {
  return `  - ${what}: ${text}\n`;
}

/** What subjects of RBAC may do more or less, a line for each right; a subject's first has his name before it. */
export function rightsSection({ rights }: PreviewReport): Section | undefined {
  if (rights.length === 0) return undefined;
  const items = rights.flatMap(({ subject, gains, loses }) => {
    const lines = [...gains.map((each) => line("gains", right(each))), ...loses.map((each) => line("loses", right(each)))];
    return lines.map((text, index) => (index === 0 ? `- ${code(subject)}\n${text}` : text));
  });
  return { rank: 3, open: "\n#### RBAC\n\n", items, more: moreItem, close: "", share: 0.15 };
}

const fields = ["subject", "expiry", "algorithm", "fingerprint"] as const satisfies readonly (keyof CertificateFacts)[];

/** A line for what is known of it before or after; what is not known yet is worth a line only where it becomes another. */
function fact({ before, after }: CertificateChange, field: (typeof fields)[number]): readonly string[] {
  const [was, becomes] = [before?.[field], after?.[field]].map((text) => (text === undefined ? undefined : code(text)));
  if (was === undefined && becomes === undefined) return [];
  const single = before === undefined || after === undefined || was === becomes;
  return [line(field, single ? (was ?? becomes ?? "") : `${was ?? "unknown"} → ${becomes ?? "after the update"}`)];
}

function consumerList(consumers: readonly string[]): readonly string[] {
  const shown = consumers.slice(0, shownConsumers).map((name) => code(name));
  const more = consumers.length <= shownConsumers ? "" : ` and ${consumers.length - shownConsumers} more`;
  return consumers.length === 0 ? [] : [line("who must reload", `${shown.join(", ")}${more}`)];
}

/** Certificates that come, go or change. */
export function certificatesSection({ certificates }: PreviewReport): Section | undefined {
  if (certificates.length === 0) return undefined;
  const items = certificates.map((change) => {
    const facts = [...fields.flatMap((field) => fact(change, field)), ...consumerList(change.consumers)];
    return [`- **${change.op}** ${code(shortName(change.urn))}\n`, ...facts].join("");
  });
  return { rank: 4, open: "\n#### Certificates\n\n", items, more: moreItem, close: "", share: 0.15 };
}

/** Ways into the cluster that open and close. */
export function exposuresSection({ exposures }: PreviewReport): Section | undefined {
  if (exposures.length === 0) return undefined;
  const items = exposures.map(({ opens, resource, way }) => `- ${opens ? "**opens**" : "closes"} ${code(resource)}: ${code(way, 200)}\n`);
  return { rank: 5, open: "\n#### Exposure\n\n", items, more: moreItem, close: "", share: 0.15 };
}
