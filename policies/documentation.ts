import { policiesSchema } from "../config/policies";
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

/** A row for each key, with the words of its schema. */
function settingRows(): string {
  return Object.entries(policiesSchema.shape)
    .map(([key, schema]) => `| \`${key}\` | ${schema.description ?? ""} |`)
    .join("\n");
}

const head = `# Policy packs

This page is made from the rules: \`npm run policy-docs\` writes it again.

Three packs judge a stack before anything is changed. A **mandatory** rule stops the run, an **advisory** one is shown. A rule that needs
a value which only the update will know goes on to the next one; \`report-undetermined\` names what it could not judge.

\`npm run up\` starts them for its preview, which a mandatory violation ends before anything is changed (exit code 2), and for the update, which one
ends at the resource that breaks the rule; then \`pulumi policy analyze\` judges the new state. \`npm run preview\` starts them too, and its comment
tells what a change brings from what was there. What the chart of a new or changed Release makes is rendered with its values and judged by the same rules;
a chart that cannot be rendered is a violation of \`require-rendered-chart\`.
For \`pulumi preview\` and \`pulumi up\`, \`npm run policies\` compiles them into \`.trustplane/packs\` and prints the arguments.

## What components need

Some things that a rule forbids are part of a component, or of a chart that it installs: the key that nginx keeps at a renewal, the Secrets that
cert-manager reads. They pass in every stack, whatever its name and for good, because the packs have them with their reasons
(\`policies/componentExceptions.ts\`), each for one object of one component, one rule and its values. Of a chart, every role, binding, container
and its ServiceAccount, webhook and whom it asks, token and hook was read for a range of versions (\`policies/charts\`); what a chart of whatever version has
beyond that is a violation of \`limit-chart-powers\`: \`approveSignerNames\`, a second container or another ServiceAccount's name among the values is one, and
needs an exception of the stack.

What this does not hold: images and arguments of a chart's containers, which mirrors and options change (\`imageRegistries\` limits the images); and templates that
ask the cluster (\`lookup\`, \`.Capabilities.APIVersions\`, \`.Release.IsUpgrade\`), because a chart is rendered as for a first install, without one.

## Settings of a stack

\`trustplane:policies\` in \`Pulumi.STACK.yaml\`, all optional:

| key | meaning |
| --- | --- |
${settingRows()}

## Levels and exceptions of a stack

\`policies/PACK/enforcement.STACK.json\`, which no stack needs, changes levels and lets single things pass:

\`\`\`json
{
  "levels": { "require-image-digest": "mandatory" },
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
A stack without a file has the rules' own levels. Tenants' stacks \`STACK-tenants-N\` follow the file of \`STACK\`.`;

/** The page about the packs, Markdown as Prettier leaves it but for the width of tables. */
export function policyDocumentation(): string {
  return `${[head, ...packNames.map(packText)].join("\n\n")}\n`;
}
