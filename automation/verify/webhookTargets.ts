import type { ClusterReader, KubernetesObject } from "../../preflight/clusterReader";
import { type ApiResource, ApiResources } from "../checks/apiResources";
import { type LabelSelector, selects } from "./labelSelector";
import { chartObjects, objectsOf, placeOf, type StackObject, type VerifyContext } from "./verifyContext";

interface AdmissionRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  /** `Cluster`, `Namespaced`, or `*`, the default. */
  readonly scope?: string;
}

/** Which objects a webhook is asked about; conditions in CEL are not judged, so that it may be asked about fewer. */
export interface Admission {
  readonly rules?: readonly AdmissionRule[];
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

type Labels = Readonly<Record<string, string>>;

/** An object that the next update, or a controller for it, may write. */
interface Target {
  readonly text: string;
  readonly resource: ApiResource;
  readonly namespace?: string;
  readonly name: string;
  /** Absent where they are known to the chart alone. */
  readonly labels?: Labels;
}

const pods: ApiResource = { group: "", plural: "pods", namespaced: true };

/** What of a stack the cluster's admission webhooks are asked about. */
export class Targets {
  private readonly objects: readonly StackObject[];
  private known?: Promise<readonly Target[]>;
  private readonly namespaces = new Map<string, Promise<Labels>>();

  constructor(
    context: Pick<VerifyContext, "deployment">,
    private readonly reader: ClusterReader,
  ) {
    this.objects = [...objectsOf(context), ...chartObjects(context)];
  }

  /** Whether the object, of the whole cluster, is one of the stack. */
  includes(kind: string, name: string): boolean {
    return this.objects.some((object) => object.kind === kind && object.name === name);
  }

  /** One object of the stack that the webhook would be asked about, as `Deployment farm/agent`; `undefined` where there is none. */
  async matching(admission: Admission): Promise<string | undefined> {
    this.known ??= this.read();
    for (const target of await this.known) if (await this.matches(admission, target)) return target.text;
    return undefined;
  }

  private async read(): Promise<readonly Target[]> {
    const resources = new ApiResources(this.reader, []);
    return (await Promise.all(this.objects.map((object) => targetsOf(object, resources)))).flat();
  }

  private async matches({ rules = [], namespaceSelector, objectSelector }: Admission, target: Target): Promise<boolean> {
    if (!rules.some((rule) => covers(rule, target.resource))) return false;
    if (target.labels !== undefined && !selects(objectSelector, target.labels)) return false;
    const place = target.resource.plural === "namespaces" ? target.name : target.namespace;
    return place === undefined || selects(namespaceSelector, await this.namespaceLabels(place));
  }

  private namespaceLabels(name: string): Promise<Labels> {
    const known =
      this.namespaces.get(name) ??
      this.reader.find(`/api/v1/namespaces/${name}`).then((found) => ({
        "kubernetes.io/metadata.name": name,
        ...(found as KubernetesObject | undefined)?.metadata?.labels,
      }));
    this.namespaces.set(name, known);
    return known;
  }
}

/** The object, and the pods that its controller makes. */
async function targetsOf(object: StackObject, resources: ApiResources): Promise<readonly Target[]> {
  const { apiVersion = "", metadata, spec } = object.object as Written;
  const resource = await resources.find({ apiVersion, kind: object.kind });
  if (resource === undefined) return [];
  const place = { name: object.name, namespace: resource.namespaced ? object.namespace : undefined };
  const own = { text: placeOf(object), resource, ...place, labels: metadata === undefined ? undefined : (metadata.labels ?? {}) };
  if (spec?.template === undefined) return [own];
  return [own, { text: `the pods of ${placeOf(object)}`, resource: pods, ...place, labels: spec.template.metadata?.labels ?? {} }];
}

interface Written extends KubernetesObject {
  readonly apiVersion?: string;
  readonly spec?: { readonly template?: KubernetesObject };
}

/** Versions are left aside: by default a webhook is asked about all that are equivalent. */
function covers({ apiGroups = [], resources = [], scope = "*" }: AdmissionRule, { group, plural, namespaced }: ApiResource): boolean {
  const fits = (allowed: readonly string[], own: string): boolean => allowed.includes("*") || allowed.includes(own);
  const scoped = scope === "*" || (scope === "Namespaced") === namespaced;
  return scoped && fits(apiGroups, group) && (fits(resources, plural) || resources.includes("*/*"));
}
