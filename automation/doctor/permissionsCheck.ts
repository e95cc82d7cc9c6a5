import { type Access, accessList } from "../checks/accessReview";
import { type Check, failed, type Finding, ok, warning } from "../checks/check";
import { accessesOf, type Rule } from "../checks/rules";
import { type ApiResource, ApiResources } from "../checks/apiResources";
import { allObjects, type DoctorContext } from "./doctorContext";
import type { PlannedObject } from "./plannedObject";

const RBAC = "rbac.authorization.k8s.io";
const everything: Access = { verb: "*", group: "*", resource: "*" };

/** Kinds that the engine watches until they are ready. */
const awaited = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "Pod",
  "Service",
  "Ingress",
  "PersistentVolumeClaim",
  "ReplicationController",
]);

/** What the engine does with an object, from its creation to its end; of one that is patched, the end is a patch too. */
function verbsOf({ kind, patch }: PlannedObject): readonly string[] {
  return ["get", "patch", ...(patch ? [] : ["create", "delete"]), ...(awaited.has(kind) ? ["list", "watch"] : [])];
}

interface Need {
  readonly kind: string;
  readonly resource: ApiResource;
  readonly access: Access;
}

/** Helm keeps its releases in Secrets. */
function releaseSecrets({ program }: DoctorContext): readonly PlannedObject[] {
  return program.releases.map(({ namespace }) => ({ apiVersion: "v1", kind: "Secret", namespace, patch: false, object: {} }));
}

async function needsOf(objects: readonly PlannedObject[], resources: ApiResources): Promise<readonly Need[]> {
  const found = await Promise.all(objects.map(async (object) => ({ object, resource: await resources.find(object) })));
  const needs = found.flatMap(({ object, resource }) =>
    resource === undefined
      ? []
      : verbsOf(object).map((verb) => {
          const namespace = resource.namespaced ? object.namespace : undefined;
          return { kind: object.kind, resource, access: { verb, group: resource.group, resource: resource.plural, namespace } };
        }),
  );
  return [...new Map(needs.map((need) => [JSON.stringify(need.access), need])).values()];
}

/** One row for each kind that lacks something. */
function lacking(needs: readonly Need[], denied: ReadonlySet<Access>, who: string): readonly Finding[] {
  const lacks = needs.filter(({ access }) => denied.has(access));
  return [...new Set(lacks.map(({ kind }) => kind))].map((kind) => {
    const missing = lacks.filter((need) => need.kind === kind);
    const accesses = missing.map(({ access }) => access);
    const verbs = [...new Set(accesses.map(({ verb }) => verb))].join(",");
    const { plural = "", group = "" } = missing[0]?.resource ?? {};
    const command = `kubectl create clusterrole trustplane-${plural} --verb=${verbs} --resource=${plural}${group === "" ? "" : `.${group}`}`;
    return failed(kind, `${who} may not ${accessList(accesses)}`, `let an administrator grant it: ${command}, and bind that to the user`);
  });
}

/** Who may neither escalate nor bind can give away only what he has himself. */
async function escalations({ reviews }: DoctorContext, objects: readonly PlannedObject[], who: string): Promise<readonly Finding[]> {
  const roles = objects.filter(({ kind }) => kind === "Role" || kind === "ClusterRole");
  const free = ["roles", "clusterroles"].flatMap((resource) => ["escalate", "bind"].map((verb) => ({ verb, group: RBAC, resource })));
  if (roles.length === 0 || (await reviews.deniedToMe(free)).length === 0) return [];
  return (
    await Promise.all(
      roles.map(async ({ kind, name = "", namespace, object }) => {
        const rules = (object.rules ?? []) as readonly Rule[];
        const missing = await reviews.deniedToMe(accessesOf({ rules, namespace: kind === "Role" ? namespace : undefined }));
        const wayOut = "let an administrator grant these rights to the user, or the verbs escalate and bind on roles and clusterroles";
        return missing.length === 0
          ? []
          : [failed(`${kind} ${name}`, `would give what ${who} does not have: ${accessList(missing)}`, wayOut)];
      }),
    )
  ).flat();
}

async function unknownKinds(objects: readonly PlannedObject[], resources: ApiResources): Promise<readonly Finding[]> {
  const kinds = [...new Map(objects.map((object) => [`${object.kind} of ${object.apiVersion}`, object]))];
  const found = await Promise.all(kinds.map(async ([text, object]) => ({ text, known: (await resources.find(object)) !== undefined })));
  const wayOut = "look at the rows of apis and charts first, then run this again";
  return found.filter(({ known }) => !known).map(({ text }) => warning(text, "not asked: the cluster does not know the kind yet", wayOut));
}

/** The deployer may do what the program needs: every kind, verb and namespace comes from what it registers and from its charts. */
export const permissionsCheck: Check<DoctorContext> = {
  name: "permissions",
  async run(context, signal) {
    const objects = [...(await allObjects(context)), ...releaseSecrets(context)];
    const resources = new ApiResources(await context.open(signal), objects);
    const who = `the user of context ${context.access.context}`;
    const [needs, unknown] = await Promise.all([needsOf(objects, resources), unknownKinds(objects, resources)]);
    const text = `may do the ${needs.length} things that an update needs`;
    if ((await context.reviews.deniedToMe([everything])).length === 0) return [...unknown, ok(who, `${text}, as an administrator`)];
    const denied = new Set(await context.reviews.deniedToMe(needs.map(({ access }) => access)));
    const faults = [...lacking(needs, denied, who), ...(await escalations(context, objects, who))];
    return [...faults, ...unknown, ...(faults.length === 0 ? [ok(who, text)] : [])];
  },
};
