import { type Check, failed, ok } from "../checks/check";
import { objectsOf, placeOf, type VerifyContext } from "./verifyContext";

interface Claim {
  readonly spec?: { readonly storageClassName?: string; readonly accessModes?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

/** Every PersistentVolumeClaim of the stack has its volume. */
export const volumesCheck: Check<VerifyContext> = {
  name: "volumes",
  async run(context, signal) {
    const reader = await context.open(signal);
    const claims = objectsOf(context, "PersistentVolumeClaim");
    return Promise.all(
      claims.map(async (object) => {
        const { namespace = "", name } = object;
        const live = (await reader.find(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`)) as Claim | undefined;
        if (live === undefined) return failed(placeOf(object), "is not on the cluster", "npm run refresh, then npm run up makes it again");
        const { storageClassName = "none", accessModes = [] } = live.spec ?? {};
        const text = `${live.status?.phase ?? "no phase"}, class ${storageClassName}, ${accessModes.join(", ")}`;
        if (live.status?.phase === "Bound") return ok(placeOf(object), text);
        const wayOut = `read why: kubectl describe pvc -n ${namespace} ${name}; the class must exist and have a provisioner for that access mode`;
        return failed(placeOf(object), text, wayOut);
      }),
    );
  },
};
