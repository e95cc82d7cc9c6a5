import { nearestName } from "../../config/nearestName";
import { type Check, failed, ok } from "../checks/check";
import { allObjects, type DoctorContext } from "./doctorContext";
import type { PlannedObject } from "./plannedObject";
import { podsOf } from "./podTemplates";

/** A class that something of the program names. */
interface Named {
  readonly kind: "IngressClass" | "RuntimeClass" | "PriorityClass";
  readonly name: string;
  /** `Ingress edge` */
  readonly by: string;
}

const paths: Readonly<Record<Named["kind"], string>> = {
  IngressClass: "/apis/networking.k8s.io/v1/ingressclasses",
  RuntimeClass: "/apis/node.k8s.io/v1/runtimeclasses",
  PriorityClass: "/apis/scheduling.k8s.io/v1/priorityclasses",
};

function namedBy(objects: readonly PlannedObject[]): readonly Named[] {
  const ingresses = objects.filter(({ kind }) => kind === "Ingress");
  const byIngresses = ingresses.map((each) => {
    const { ingressClassName } = (each.object.spec ?? {}) as { readonly ingressClassName?: string };
    return { kind: "IngressClass" as const, name: ingressClassName, by: `Ingress ${each.name ?? ""}` };
  });
  const byPods = podsOf(objects).flatMap(({ owner, spec }) => [
    { kind: "RuntimeClass" as const, name: spec.runtimeClassName, by: `${owner.kind} ${owner.name ?? ""}` },
    { kind: "PriorityClass" as const, name: spec.priorityClassName, by: `${owner.kind} ${owner.name ?? ""}` },
  ]);
  const all = [...byIngresses, ...byPods].flatMap(({ name, ...rest }) => (name === undefined || name === "" ? [] : [{ ...rest, name }]));
  return [...new Map(all.map((each) => [`${each.kind} ${each.name}`, each])).values()];
}

/** Every IngressClass, RuntimeClass and PriorityClass that the program names is there, or comes with the update. StorageClasses are the preflight's. */
export const classesCheck: Check<DoctorContext> = {
  name: "classes",
  async run(context, signal) {
    const [reader, objects] = await Promise.all([context.open(signal), allObjects(context)]);
    return Promise.all(
      namedBy(objects).map(async ({ kind, name, by }) => {
        const subject = `${kind} ${name}`;
        if (objects.some((object) => object.kind === kind && object.name === name)) return ok(subject, "the stack makes it");
        const there = (await reader.list(paths[kind])).map(({ metadata }) => metadata?.name ?? "");
        if (there.includes(name)) return ok(subject, `there, for ${by}`);
        const near = nearestName(name, there);
        const has = there.length === 0 ? "none" : there.join(", ");
        const wayOut = near === undefined ? "make it first, or name one that the cluster has" : `did you mean "${near}"?`;
        return failed(subject, `${by} names it, and the cluster has ${has}`, wayOut);
      }),
    );
  },
};
