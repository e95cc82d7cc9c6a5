import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { asResource, renderChart } from "../../policies/chartContents";
import { componentExceptions } from "../../policies/componentExceptions";
import { certManagerReview } from "../../policies/charts/certManagerReview";
import { chartPowers } from "../../policies/charts/chartPowers";
import { type ChartReview, reviewedName, singlePowers } from "../../policies/charts/chartReview";
import { datashimReview } from "../../policies/charts/datashimReview";
import { projectRoot } from "../../local/paths";
import { chartArchive } from "../../local/realCharts";
import { ingressNginxReview } from "../../policies/charts/ingressNginxReview";
import { manifestObjects } from "../../policies/manifests";
import type { PlainStackResource } from "../../policies/judgement";
import { Reading } from "../../policies/reading";
import { judgedChart } from "./judgedStack";
import { type Sections, shippedResources, shippedSections } from "./shippedProgram";
import { stackVariants } from "./stackVariants";

type Objects = readonly PlainStackResource[];
type Body = Record<string, unknown>;

/** What the Releases of a stack make with a real chart in place of the stack's. */
async function rendered(sections: Sections, release: string, chart: string): Promise<Objects> {
  const helm = (await ensureTools(["helm"], silentProgress)).helm.path;
  const made = (await shippedResources("mysite", sections)).find(({ name }) => name === release);
  assert.ok(made);
  return renderChart({ urn: made.urn, inputs: { ...(made.props as Body), chart, version: undefined, repositoryOpts: undefined } }, helm);
}

/** Whether a review has every power that objects give, and no other. @param unread what was not written down of them */
function holds(objects: Objects, { powers }: ChartReview, unread?: RegExp): void {
  const held = objects.flatMap((object) => {
    const judged = { ...object, props: Reading.of(object.props) };
    const lines = chartPowers(judged);
    return lines === undefined || object.chart === undefined ? [] : [[reviewedName(judged, object.chart), sorted(lines)] as const];
  });
  const namespace = objects[0]?.chart?.namespace ?? "";
  const meant = (line: string): string => line.replaceAll("{namespace}", namespace).replaceAll("{name}", "nginx-internal");
  const reviewed = Object.entries(powers).map(
    ([name, lines]) =>
      [
        name,
        sorted(
          lines
            .filter((line) => unread?.test(line) !== true)
            .flatMap(singlePowers)
            .map(meant),
        ),
      ] as const,
  );
  assert.deepEqual(Object.fromEntries(held), Object.fromEntries(reviewed));
}

function sorted(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].sort();
}

/** A copy of a chart's objects in which one is another. */
function edited(objects: Objects, type: string, name: string, change: (body: Body) => Body): Objects {
  const isMeant = (object: PlainStackResource): boolean => object.name === name && object.type.endsWith(`:${type}`);
  assert.equal(objects.filter(isMeant).length, 1, `${type} ${name}`);
  return objects.map((object) => {
    if (!isMeant(object)) return object;
    const { type: to = object.type, name: called = object.name, ...props } = change(structuredClone(object.props) as Body);
    return { ...object, type: String(to), name: String(called), props };
  });
}

/** Another first rule that is about a resource. */
function withRule(resource: string, change: (rule: Body) => Body): (role: Body) => Body {
  return (role) => {
    const rules = role["rules"] as (Body & { readonly resources: readonly string[] })[];
    const meant = rules.findIndex(({ resources }) => resources.includes(resource));
    assert.ok(meant >= 0, resource);
    return { ...role, rules: rules.map((rule, index) => (index === meant ? change(rule) : rule)) };
  };
}

function more(key: "verbs" | "resources" | "apiGroups", value: string): (rule: Body) => Body {
  return (rule) => ({ ...rule, [key]: [...(rule[key] as string[]), value] });
}

const issuers = "cert-manager-controller-issuers";
const approve = "cert-manager-controller-approve:cert-manager-io";
const election = "cert-manager:leaderelection";
const escalating = { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"] };
const intruder = { kind: "ServiceAccount", name: "intruder", namespace: "cert-manager" };

function withName(name: string): (body: Body) => Body {
  return (body) => ({ ...body, name, metadata: { ...(body["metadata"] as Body), name } });
}

/** What somebody may have put into a chart, and the kind and name of what it is put into. */
const edits: Readonly<Record<string, readonly [type: string, name: string, change: (body: Body) => Body]>> = {
  "one more verb": ["ClusterRole", issuers, withRule("secrets", more("verbs", "patch"))],
  "one more harmless verb": ["ClusterRole", issuers, withRule("events", more("verbs", "list"))],
  "one more resource": ["ClusterRole", issuers, withRule("secrets", more("resources", "configmaps"))],
  "one more API group": ["ClusterRole", issuers, withRule("secrets", more("apiGroups", "example.org"))],
  "every verb": ["ClusterRole", issuers, withRule("secrets", more("verbs", "*"))],
  "every resource": ["ClusterRole", issuers, withRule("secrets", more("resources", "*"))],
  ...Object.fromEntries(
    ["escalate", "bind", "impersonate"].map((verb) => [
      verb,
      ["ClusterRole", issuers, (role: Body) => ({ ...role, rules: [...(role["rules"] as Body[]), { ...escalating, verbs: [verb] }] })],
    ]),
  ),
  "dropped resourceNames": ["ClusterRole", approve, withRule("signers", ({ resourceNames: _, ...rule }) => rule)],
  "dropped resourceNames of a lease": ["Role", election, withRule("leases", ({ resourceNames: _, ...rule }) => rule)],
  "a ClusterRole for a Role": [
    "Role",
    election,
    (role) => ({ ...role, kind: "ClusterRole", type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole" }),
  ],
  "a ClusterRoleBinding for a RoleBinding": [
    "RoleBinding",
    election,
    (binding) => ({ ...binding, kind: "ClusterRoleBinding", type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding" }),
  ],
  "another role": ["ClusterRoleBinding", issuers, (binding) => ({ ...binding, roleRef: { kind: "ClusterRole", name: "cluster-admin" } })],
  "a new subject": ["ClusterRoleBinding", issuers, (binding) => ({ ...binding, subjects: [...(binding["subjects"] as Body[]), intruder] })],
  "a new hook Job": ["Job", "cert-manager-startupapicheck", withName("cert-manager-cleanup")],
  "a hook at another time": [
    "Job",
    "cert-manager-startupapicheck",
    (job) => ({ ...job, metadata: { ...(job["metadata"] as Body), annotations: { "helm.sh/hook": "pre-delete" } } }),
  ],
  "a renamed role with the same power": ["ClusterRole", issuers, withName("cert-manager-controller-issuers-2")],
  "rights for everybody who may edit": [
    "ClusterRole",
    issuers,
    (role) => ({ ...role, metadata: { ...(role["metadata"] as Body), labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } } }),
  ],
};

const podSpec = {
  containers: [{ name: "cert-manager-controller" }, { name: "helper", image: "registry.example.org/helper" }],
  serviceAccountName: "cert-manager",
};
const elsewhere = { service: { namespace: "default", name: "intruder" } };

/** What somebody may have added to a chart's objects, or put in their place. */
const manifests: Readonly<Record<string, string>> = {
  "a container beside its own": JSON.stringify({
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "cert-manager" } },
    spec: { template: { spec: podSpec } },
  }),
  "a webhook that asks another server": JSON.stringify({
    ...{
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "cert-manager-webhook" },
    },
    webhooks: [{ name: "w", clientConfig: elsewhere }],
  }),
  "a policy that changes requests":
    "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\nmetadata: { name: change }\nspec: {}\n",
  "a conversion by another server": JSON.stringify({
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "certificates.cert-manager.io" } },
    spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: { url: "https://intruder.example.org" } } } },
  }),
  "a token of a ServiceAccount":
    "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata: { name: t, annotations: { kubernetes.io/service-account.name: cert-manager } }\n",
  "a token for nodes": "apiVersion: v1\nkind: Secret\ntype: bootstrap.kubernetes.io/token\nmetadata: { name: t, namespace: kube-system }\n",
  "rules by a merge key":
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: cert-manager-controller-issuers }\nrules:\n- <<: { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }\n",
  "a binding in a list without metadata": JSON.stringify({
    ...{ apiVersion: "v1", kind: "List" },
    items: [
      {
        ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "all" } },
        ...{ roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects: [intruder] },
      },
    ],
  }),
  "a binding in a list of its kind": JSON.stringify({
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBindingList" },
    items: [{ metadata: { name: "all" }, roleRef: { kind: "ClusterRole", name: "cluster-admin" }, subjects: [intruder] }],
  }),
};

/** Stacks with an ingress controller, in each way to expose it. */
const withIngress = Object.entries(stackVariants).filter(([name]) => /^dev$|ingress$|ingress on/.test(name));

/** What a chart was read to make, of the objects that give power; `kubernetes:rbac.authorization.k8s.io/v1:ClusterRole`. */
function recorded(file: string): Objects {
  const { items } = JSON.parse(fs.readFileSync(path.join(__dirname, "charts", file), "utf8")) as {
    readonly items: readonly RecordedObject[];
  };
  const chart = { release: "ingress-nginx-release", namespace: "ingress-nginx-internal" };
  return items.map(({ apiVersion, kind, ...body }) => {
    const [type, name] = [`kubernetes:${apiVersion.includes("/") ? "" : "core/"}${apiVersion}:${kind}`, body.metadata.name];
    const urn = `urn:pulumi:test::trustplane::trustplane:platform:IngressNginx$${type}::${name}`;
    const props = { ...body, metadata: { ...body.metadata, namespace: chart.namespace } };
    return { type, name, urn, props, protect: false, chart, sources: {} };
  });
}

interface RecordedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

describe("the real charts", () => {
  const used: string[] = [];
  let certManager: Objects;

  before(async () => {
    certManager = await rendered(shippedSections("dev"), "cert-manager-release", chartArchive("cert-manager"));
  });

  for (const stack of ["dev", "prod"])
    it(`pass the packs: cert-manager with the values of ${stack}`, async () => {
      const objects = await rendered(shippedSections(stack), "cert-manager-release", chartArchive("cert-manager"));
      const { stops, excepted } = judgedChart("cert-manager-release", objects);
      assert.deepEqual(stops, []);
      assert.equal(excepted.length, 12);
      used.push(...excepted);
      holds(objects, certManagerReview);
    });

  it("pass the packs: cert-manager with its webhook on the node's network, with the exception of the documentation", async () => {
    const sections = shippedSections("prod");
    const values = { webhook: { hostNetwork: true } };
    const chosen = { ...sections, "trustplane:certManager": { ...sections["trustplane:certManager"], podSecurity: "privileged", values } };
    const objects = await rendered(chosen, "cert-manager-release", chartArchive("cert-manager"));
    assert.match(judgedChart("cert-manager-release", objects).stops.join(), /^disallow-host-namespaces [^,]*$/);
    const [, file = ""] = /```json\n({\n {2}"exceptions"[^]*?)```/.exec(fs.readFileSync("docs/platform.md", "utf8")) ?? [];
    assert.deepEqual(judgedChart("cert-manager-release", objects, JSON.parse(file), new Date("2026-11-29")).stops, []);
  });

  for (const [name, sections] of withIngress)
    it(`pass the packs: ingress-nginx with the values of ${name}`, async () => {
      const judged = judgedChart(
        "ingress-nginx-release",
        await rendered(sections(), "ingress-nginx-release", chartArchive("ingress-nginx")),
      );
      assert.deepEqual(judged.stops, []);
      used.push(...judged.excepted);
    });

  it("pass the packs: the powers of ingress-nginx 4.15.1, as they were read", () => {
    const objects = recorded("ingress-nginx-4.15.1.json");
    holds(objects, ingressNginxReview, /^call /);
    const { stops } = judgedChart("ingress-nginx-release", objects);
    assert.deepEqual(
      stops.filter((text) => /^limit-(chart|cluster)-power/.test(text)),
      [],
    );
  });

  it("pass the packs: Datashim's drivers, as the templates of their charts were read", async () => {
    const sections = stackVariants["Datashim"]?.() ?? {};
    const datashim = { ...sections, "trustplane:plexus": { ...sections["trustplane:plexus"], datashim: { types: ["COS", "NFS"] } } };
    const objects = await rendered(datashim, "plexus-datashim-release", path.join(projectRoot, "local", "charts", "datashim"));
    const judged = judgedChart("plexus-datashim-release", objects);
    assert.deepEqual(judged.stops, []);
    holds(objects, datashimReview);
    used.push(...judged.excepted);
  });

  it("need every exception that they have", () => {
    const idle = componentExceptions.filter(({ chart, rule, resource }) => {
      const head = `${rule} ${resource.slice(resource.indexOf(" ") + 1)} `;
      return chart !== undefined && !used.some((text) => text.startsWith(head));
    });
    assert.deepEqual(idle, []);
  });

  for (const [what, [type, name, change]] of Object.entries(edits))
    it(`are stopped with ${what}`, () => {
      const { stops } = judgedChart("cert-manager-release", edited(certManager, type, name, change));
      assert.match(stops.join("\n"), /limit-chart-powers/);
    });

  for (const [what, manifest] of Object.entries(manifests))
    it(`are stopped with ${what}`, () => {
      const release = certManager[0]?.urn.replace(/\$[^$]*$/, "$kubernetes:helm.sh/v3:Release::cert-manager-release") ?? "";
      const origin = { release: "cert-manager-release", namespace: "cert-manager" };
      const added = manifestObjects(manifest).map((object) => asResource(object, release, origin));
      const { stops } = judgedChart("cert-manager-release", added);
      assert.match(stops.join("\n"), /limit-chart-powers/);
    });

  it("pass for the component that installs them alone", () => {
    const others = certManager.map((object) => ({ ...object, urn: object.urn.replace("CertManager$", "Other$") }));
    assert.equal(judgedChart("cert-manager-release", others).stops.length, 12);
  });
});
