import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { chartArchive } from "../../local/realCharts";
import { silentProgress } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensureTools";
import { helmTemplate } from "../../policies/helmTemplate";

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}

interface Contents {
  /** Kinds and names. */
  readonly objects: readonly string[];
  readonly pods: Readonly<Record<string, readonly Container[]>>;
}

/** What was read of ingress-nginx 4.15.1, rendered with these values. */
const newest = JSON.parse(fs.readFileSync(path.join(__dirname, "charts", "ingress-nginx-4.15.1-objects.json"), "utf8")) as Contents;

const controller = {
  ingressClass: "nginx-internal",
  ingressClassResource: { name: "nginx-internal", controllerValue: "k8s.io/ingress-nginx-internal", enabled: true, default: false },
  electionID: "ingress-nginx-internal-leader",
  scope: { enabled: true, namespace: "ingress-nginx-internal" },
  hostPort: { enabled: true, ports: { http: 6080, https: 60_443 } },
  service: { type: "ClusterIP" },
  publishService: { enabled: false },
  extraArgs: { "default-ssl-certificate": "ingress-nginx-internal/internal-ingress-tls", "publish-status-address": "localhost" },
};

async function rendered(): Promise<Contents & { readonly version: string | undefined }> {
  const { helm } = await ensureTools(["helm"], silentProgress);
  const name = "ingress-nginx-internal";
  const made = await helmTemplate(helm.path, { name, namespace: name, chart: chartArchive("ingress-nginx"), values: { controller } });
  const objects = made.map(({ kind, metadata, ...body }) => [`${kind} ${metadata.name}`, body as PodBody] as const);
  const pods = objects.flatMap(([object, { spec }]) => {
    const containers = spec?.template?.spec?.containers;
    return containers === undefined
      ? []
      : [[object, containers.map(({ name: called, args, securityContext }) => ({ name: called, args, securityContext }))] as const];
  });
  const { labels } = (made[0]?.metadata ?? {}) as { readonly labels?: Readonly<Record<string, string>> };
  const version = labels?.["helm.sh/chart"]?.replace("ingress-nginx-", "");
  return { version, objects: objects.map(([object]) => object).sort(), pods: Object.fromEntries(pods) };
}

interface PodBody {
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } } };
}

/** What only one of two versions has, said as docs/embedded.md does. */
function differences(own: Contents, other: Contents): readonly string[] {
  return Object.entries(other.pods).flatMap(([object, containers]) =>
    containers.flatMap(({ name, args, securityContext }) => {
      const mine = own.pods[object]?.find((container) => container.name === name);
      assert.ok(mine);
      const keys = [...new Set([...Object.keys(securityContext), ...Object.keys(mine.securityContext)])];
      return [
        ...mine.args.filter((arg) => !args.includes(arg)).map((arg) => `${name}: ${arg}`),
        ...args.filter((arg) => !mine.args.includes(arg)).map((arg) => `${name}: without ${arg}`),
        ...keys
          .filter((key) => JSON.stringify(mine.securityContext[key]) !== JSON.stringify(securityContext[key]))
          .map((key) => `${name}: ${key}`),
      ];
    }),
  );
}

/** Of the version that a Go module has; with the internet there is the newest one, without a difference. */
const listed = ["controller: --enable-metrics=false", "controller: runAsGroup", "create: runAsGroup", "patch: runAsGroup"];

describe("the chart of ingress-nginx on the embedded control plane", () => {
  it("makes what the newest one makes, but for what is listed", async () => {
    const own = await rendered();
    assert.deepEqual(own.objects, newest.objects);
    assert.deepEqual(differences(own, newest), own.version === "4.11.0" ? listed : []);
  });
});
