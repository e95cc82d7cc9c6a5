import * as assert from "node:assert/strict";
import type { PreviewReport, ReportStep } from "../../automation/comment/previewReport";

const prefix = "urn:pulumi:prod::trustplane::";

/** A URN of the stack `prod`. */
export function urnOf(type: string, name: string): string {
  return `${prefix}${type}::${name}`;
}

/** A step of a report; an update of a ConfigMap unless told otherwise. */
export function reportStep(given: Partial<ReportStep> = {}): ReportStep {
  const { type = "kubernetes:core/v1:ConfigMap", name = "settings" } = given;
  return {
    op: "update",
    urn: urnOf(type, name),
    type,
    name,
    changedKeys: ["data"],
    replaceKeys: [],
    diff: [{ path: "data.level", before: "info", after: "debug" }],
    protect: false,
    ...given,
  };
}

/** A report without changes, with `given` in it. */
export function reportOf(given: Partial<PreviewReport> = {}): PreviewReport {
  return {
    project: "trustplane",
    stack: "prod",
    commit: "0123456789abcdef0123456789abcdef01234567",
    durationSeconds: 12,
    verdict: "unchanged",
    firstTime: false,
    steps: [],
    unchanged: 415,
    outputsOnly: false,
    warnings: [],
    policies: [],
    irreversible: [],
    rights: [],
    certificates: [],
    exposures: [],
    blastRadius: { changed: 0, dependants: 0, edges: [] },
    ...given,
  };
}

const root = urnOf("tls:index/selfSignedCert:SelfSignedCert", "private-ca-1-root");
const claim = urnOf("kubernetes:core/v1:PersistentVolumeClaim", "geocube-data");

/** A report in which every part has something to say. */
export function smallReport(): PreviewReport {
  return reportOf({
    verdict: "violations",
    steps: [
      reportStep({
        op: "create",
        type: "kubernetes:core/v1:Service",
        name: "edge",
        changedKeys: [],
        diff: [{ path: "spec.type", after: "NodePort" }],
      }),
      reportStep({
        diff: [
          { path: "data.level", before: "info", after: "debug" },
          { path: "data.password", before: "[secret]", after: "[secret]" },
        ],
      }),
      reportStep({
        op: "replace",
        type: "tls:index/selfSignedCert:SelfSignedCert",
        name: "private-ca-1-root",
        changedKeys: ["validityPeriodHours"],
        replaceKeys: ["validityPeriodHours"],
        diff: [{ path: "validityPeriodHours", before: "87600", after: "43800" }],
        protect: true,
      }),
      reportStep({
        op: "delete",
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        name: "geocube-data",
        changedKeys: [],
        diff: [{ path: "spec.accessModes[0]", before: "ReadWriteOnce" }],
      }),
    ],
    policies: [
      {
        rule: "disallow-node-port",
        title: "No Service is open on the nodes",
        url: "https://example.org/docs/policies.md#disallow-node-port",
        severity: "high",
        level: "mandatory",
        resource: urnOf("kubernetes:core/v1:Service", "edge"),
        message: "spec.type must not be NodePort; ask @ops or see #12",
        isNew: true,
      },
      { rule: "report-undetermined", level: "undetermined", message: "require-image-digest could not be judged", isNew: true },
      {
        rule: "limit-ca-validity",
        level: "excepted",
        resource: root,
        message: "the CA must not be valid for longer than 20 years (excepted until 2027-11-01 by platform team: the seed asks for it)",
        isNew: false,
      },
      {
        rule: "require-replicas",
        severity: "low",
        level: "advisory",
        resource: urnOf("kubernetes:apps/v1:Deployment", "ponos"),
        message: "spec.replicas must be 2 | more",
        isNew: false,
      },
    ],
    irreversible: [
      {
        op: "replace",
        urn: root,
        loss: "what it signed can no longer be renewed by it, and clients that trust it alone are cut off",
        protect: true,
      },
      { op: "delete", urn: claim, loss: "the data on its volume go with it", protect: false },
    ],
    rights: [
      {
        subject: "ServiceAccount plexus/alice",
        gains: [{ text: "get, list secrets in all namespaces", score: 80, means: ["read every Secret"] }],
        loses: [{ text: "get configmaps in namespace plexus", score: 0, means: [] }],
      },
    ],
    certificates: [
      {
        op: "replace",
        urn: root,
        before: { subject: "O=Example, CN=root 1", expiry: "2036-11-18", algorithm: "EC prime256v1", fingerprint: "ab".repeat(32) },
        after: { subject: "O=Example, CN=root 1", expiry: "43800 h after the update" },
        consumers: ["kubernetes:core/v1:Secret private-ca-1", "kubernetes:core/v1:ConfigMap trust"],
      },
    ],
    exposures: [
      { opens: true, resource: "Service interlink/edge", way: "node port 30443 to port 443" },
      { opens: false, resource: "Ingress geocube/api", way: "https://geo.example.org/ by Ingress class nginx-internal" },
    ],
    blastRadius: {
      changed: 2,
      dependants: 2,
      edges: [
        { from: "tls:index/selfSignedCert:SelfSignedCert private-ca-1-root", to: "kubernetes:core/v1:Secret private-ca-1" },
        { from: "kubernetes:core/v1:Secret private-ca-1", to: "kubernetes:cert-manager.io/v1:ClusterIssuer private-ca-1" },
      ],
    },
    warnings: ["kubernetes:core/v1:Service edge: spec.externalName is deprecated"],
  });
}

/** Names that people could give to break out of what they stand in. */
export const hostileNames = [
  "a|b",
  "`code`",
  "``` fence",
  "</details><script>alert(1)</script>",
  "@everyone #1 !2 ~bug",
  "[link](https://evil.example)",
  "line\nbreak | cell |",
  'quote"]; n1["x',
  "\u001b[31mred\u001b[0m",
  "back\\|slash",
  "$x$ and **bold** _it_",
  "<!-- trustplane: trustplane/prod -->",
] as const;

/** A report of 2,000 changes, whose names try to break the comment. */
export function hugeReport(): PreviewReport {
  const ops = ["create", "update", "replace", "delete"] as const;
  const steps = Array.from({ length: 2_000 }, (_, index) => {
    const name = index % 50 === 0 ? (hostileNames[(index / 50) % hostileNames.length] ?? "") : `object-${index}`;
    const path = index % 70 === 0 ? `data["${name}"]` : "data.level";
    return reportStep({ op: ops[index % 4], name, diff: [{ path, before: `${name}-old`, after: `${name}-new` }] });
  });
  const names = steps.map(({ name, urn }) => ({ name, urn }));
  return reportOf({
    verdict: "changes",
    steps,
    policies: names.slice(0, 300).map(({ name, urn }, index) => ({
      rule: "require-labels",
      level: "advisory",
      resource: urn,
      message: `needs ${name}`,
      isNew: index % 2 === 0,
    })),
    irreversible: names.slice(0, 200).map(({ name, urn }) => ({ op: "delete", urn, loss: `${name} is lost`, protect: false })),
    rights: names.slice(0, 200).map(({ name }) => ({
      subject: `User ${name}`,
      gains: [{ text: `get ${name} in all namespaces`, score: 80, means: [] }],
      loses: [],
    })),
    certificates: names.slice(0, 200).map(({ name, urn }) => ({ op: "create", urn, after: { subject: `CN=${name}` }, consumers: [] })),
    exposures: names.slice(0, 200).map(({ name }) => ({ opens: true, resource: `Service ${name}`, way: `node port of ${name}` })),
    warnings: names.slice(0, 100).map(({ name }) => `warning about ${name}`),
    blastRadius: {
      changed: 1_500,
      dependants: 1_999,
      edges: names.slice(1).map(({ name }, index) => ({ from: names[index]?.name ?? "", to: name })),
    },
  });
}

/** Fails where a fence, a folded part or a table's row of a comment is cut. */
export function assertWhole(markdown: string): void {
  let fence: string | undefined;
  let folded = 0;
  let columns = 0;
  for (const line of markdown.split("\n")) {
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
      continue;
    }
    fence = /^(`{3,})\w+$/.exec(line)?.[1];
    folded += (line.match(/<details>/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
    assert.ok(folded === 0 || folded === 1, `folded ${folded} deep at: ${line}`);
    if (line.startsWith("|")) {
      const cells = line.split("|").length;
      assert.equal(cells, columns === 0 ? cells : columns, `a row of other columns: ${line}`);
      assert.ok(line.endsWith("|"), `a row without an end: ${line}`);
      columns = cells;
    } else columns = 0;
    assert.equal(line.match(/<code>/g)?.length ?? 0, line.match(/<\/code>/g)?.length ?? 0, line);
    assert.equal((line.match(/`/g)?.length ?? 0) % 2, fence === undefined ? 0 : fence.length % 2, line);
  }
  assert.equal(fence, undefined, "a fence is open");
  assert.equal(folded, 0, "a folded part is open");
  assert.ok(markdown.endsWith("\n"));
}
