import { type PackName, packNames, packs } from "./packs";
import type { Framework, Rule } from "./rule";

const introductions: Readonly<Record<PackName, string>> = {
  security: "Pods, access, exposure and supply chain.",
  trust: "Authorities and certificates, the way of secrets, and what cannot be made again.",
  reliability: "What keeps running, and says when it does not.",
};

function frameworkText({ name, reference, version }: Framework): string {
  return version === undefined ? `${name} ${reference}` : `${name} ${version} ${reference}`;
}

function ruleText(rule: Rule): string {
  const scopes = rule.scopes ?? [];
  const lines = [
    `### ${rule.name}`,
    rule.title,
    `_${rule.level}, ${rule.severity}_ · ${rule.frameworks.map(frameworkText).join(" · ")}`,
    rule.remediation.map((step, index) => `${index + 1}. ${step}`).join("\n"),
    ...(scopes.length === 0 ? [] : [`An exception names what it allows: ${scopes.map((scope) => `\`${scope}\``).join(", ")}.`]),
  ];
  return lines.join("\n\n");
}

function row({ name, level, severity, title }: Rule): string {
  return `| [${name}](#${name}) | ${level} | ${severity} | ${title.replaceAll("|", "\\|")} |`;
}

function packText(name: PackName): string {
  const table = ["| rule | level | severity | what must be true |", "| --- | --- | --- | --- |", ...packs[name].map(row)].join("\n");
  return [`## ${name}`, introductions[name], table, ...packs[name].map(ruleText)].join("\n\n");
}

const head = `# Policy packs

This page is made from the rules: \`npm run policy-docs\` writes it again.

Three packs judge a stack before anything is changed. A **mandatory** rule stops the run, an **advisory** one is shown. A rule that needs
a value which only the update will know goes on to the next one; \`report-undetermined\` names what it could not judge.

\`npm run up\` starts them for its preview, which a mandatory violation ends before anything is changed (exit code 2), and for the update, which one
ends at the resource that breaks the rule; then \`pulumi policy analyze\` judges the new state. \`npm run preview\` starts them too, and its comment
tells what a change brings from what was there. What a chart makes is rendered with the values of its Release and judged by the same rules.
For \`pulumi preview\` and \`pulumi up\`, \`npm run policies\` compiles them into \`.trustplane/packs\` and prints the arguments.

## Levels and exceptions of a stack

\`policies/PACK/enforcement.STACK.json\` changes levels, says whom rules trust, and lets single things pass:

\`\`\`json
{
  "levels": { "require-image-digest": "mandatory" },
  "settings": { "imageRegistries": ["registry.example.org"] },
  "exceptions": [
    {
      "rule": "disallow-host-ports",
      "resource": "kubernetes:apps/v1:DaemonSet edge",
      "container": "proxy",
      "allow": { "ports": [6080, 60443] },
      "reason": "HPC nodes reach the API at these ports.",
      "owner": "platform team",
      "expires": "2027-11-30"
    }
  ]
}
\`\`\`

An exception is for one resource, by type token and logical name; \`release\` names the Release where the object comes out of a chart.
It lets pass only the values in \`allow\`, for a rule that has some. From the day in \`expires\` on the rule has its level back.
\`report-exceptions\` shows what passed, with reason, owner and day; \`report-unmatched-exceptions\` names exceptions that expired, match
nothing, or allow more than is needed. A mistake in the file stops the run, with all mistakes and the nearest names.
A stack without a file has the rules' own levels. Tenants' stacks \`STACK-tenants-N\` follow the file of \`STACK\`.

Settings, all optional:

| key | meaning |
| --- | --- |
| \`imageRegistries\` | registries, with or without a path, that images may come from; none means any |
| \`ownImages\` | beginnings of images that must have a digest |
| \`privateRegistries\` | registries that want a login |
| \`existingSubjects\` | roles and ServiceAccounts that the cluster has, as \`KIND NAME\` |
| \`certificateIssuers\` | issuers of certificates, as \`KIND NAME\`; a name may end in \`*\`; none means any |
| \`certificateDomains\` | domains of certificates' names; none means any |
| \`longestCertificateHours\` | hours that a leaf may be valid; 2400 |
| \`longestCaHours\` | hours that a CA may be valid; 87600 |
| \`protect\` | whether CA keys, CA certificates, data volumes and their namespaces must be protected; false |`;

/** The page about the packs, Markdown as Prettier leaves it but for the width of tables. */
export function policyDocumentation(): string {
  return `${[head, ...packNames.map(packText)].join("\n\n")}\n`;
}
