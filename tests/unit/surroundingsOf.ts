import type { KubernetesObject } from "../../local/plugins/kubernetes/kubernetesObject";
import type { Surroundings } from "../../local/plugins/kubernetes/await/readiness";

/** Surroundings that hold these objects; what was not there before has not settled unless `settled` is set. */
export function surroundingsOf(objects: readonly KubernetesObject[], settled = false): Surroundings {
  return {
    list: (_apiVersion, kind) => Promise.resolve(objects.filter((object) => object.kind === kind)),
    get: (_apiVersion, kind, name) => Promise.resolve(objects.find((object) => object.kind === kind && object.metadata.name === name)),
    hasSettled: () => settled,
  };
}
