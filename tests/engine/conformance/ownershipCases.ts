import * as k8s from "@pulumi/kubernetes";
import { ignoring, metadata, type CaseContext, type CaseStep, type TestCase } from "./testCase";

/** Drift, other field managers, patches, objects that exist already. */

const force = { "pulumi.com/patchForce": "true" };

type Hard = Readonly<Record<string, string | number>>;
type Metadata = { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };

function quota(
  label: string,
  hard: Hard,
  more: Omit<CaseStep, "label" | "program"> = {},
  extra: Metadata = {},
  ignored: string[] = [],
): CaseStep {
  const program = (context: CaseContext): void => {
    const spec = { hard: hard as Record<string, string> };
    new k8s.core.v1.ResourceQuota("q", { metadata: metadata(context, "q", extra), spec }, ignored.length === 0 ? {} : ignoring(...ignored));
  };
  return { label, program, ...more };
}

const takeOver =
  (pods: string): CaseStep["mutate"] =>
  (context) =>
    context.apply(
      { apiVersion: "v1", kind: "ResourceQuota", metadata: metadata(context, "q"), spec: { hard: { pods } } },
      ...["--server-side", "--field-manager=other", "--force-conflicts"],
    );

const patchQuota =
  (patch: object): CaseStep["mutate"] =>
  ({ kubectl, namespace }) =>
    kubectl(["patch", "quota", "q", "-n", namespace, "--type=merge", "-p", JSON.stringify(patch)]);

const deleteQuota: CaseStep["mutate"] = ({ kubectl, namespace }) =>
  kubectl(["delete", "quota", "q", "-n", namespace, "--ignore-not-found"]);

const see = (namespace: string): Pick<CaseStep, "observe"> => ({ observe: [["quota", "q", "-n", namespace]] });

const resourceQuota: TestCase = {
  name: "resourcequota",
  steps: [
    quota("create", { pods: "10", configmaps: "5" }),
    quota("change", { pods: "20", configmaps: "5" }),
    quota("number instead of text", { pods: 20, configmaps: "5" }),
    quota("remove", { pods: "20" }),
    quota("other unit", { pods: "20", "limits.cpu": "1000m" }),
  ],
};

const seeConflict = see("c-ssa-conflict");
const conflict: TestCase = {
  name: "ssa-conflict",
  steps: [
    quota("create", { pods: "10", secrets: "5" }, seeConflict),
    quota("taken over, no change", { pods: "10", secrets: "5" }, { mutate: takeOver("11") }),
    quota("another field changes", { pods: "10", secrets: "6" }, seeConflict),
    quota("that field changes", { pods: "12", secrets: "6" }, { mutate: takeOver("11"), ...seeConflict }),
    quota("force", { pods: "13", secrets: "6" }, { mutate: takeOver("11"), ...seeConflict }, { annotations: force }),
    quota("refresh", { pods: "13", secrets: "6" }, { mutate: takeOver("11"), refresh: true }),
    quota("ignoreChanges", { pods: "14", secrets: "7" }, seeConflict, {}, ["spec.hard.pods"]),
  ],
};

const labels = { l: "1" };
const driftField: TestCase = {
  name: "drift-field",
  steps: [
    quota("create", { pods: "10" }, {}, { labels }),
    quota(
      "field changed",
      { pods: "10" },
      {
        mutate: patchQuota({ spec: { hard: { pods: "99", secrets: "1" } }, metadata: { labels: { l: "9", extra: "1" } } }),
        previewBeforeRefresh: true,
        refresh: true,
        ...see("c-drift-field"),
      },
      { labels },
    ),
    quota("no change after it", { pods: "10" }, { refresh: true }, { labels }),
  ],
};

const seeDrift = see("c-drift-after-apply");
const driftAfterApply: TestCase = {
  name: "drift-after-apply",
  steps: [
    quota("create", { pods: "10" }),
    quota("update", { pods: "11" }, seeDrift),
    quota(
      "field changed, other field in the program",
      { pods: "11", secrets: "5" },
      { mutate: patchQuota({ spec: { hard: { pods: "99" } } }), ...seeDrift },
    ),
    quota(
      "field changed, refresh",
      { pods: "11", secrets: "5" },
      { mutate: patchQuota({ spec: { hard: { pods: "98" } } }), refresh: true, ...seeDrift },
    ),
  ],
};

const driftDeleted: TestCase = {
  name: "drift-deleted",
  steps: [
    quota("create", { pods: "10" }),
    quota("deleted", { pods: "10" }, { mutate: deleteQuota, previewBeforeRefresh: true, refresh: true }),
    quota("deleted, then changed", { pods: "20" }, { mutate: deleteQuota, ...see("c-drift-deleted") }),
    { label: "deleted, then destroyed", mutate: deleteQuota, destroy: true },
  ],
};

const handMade =
  (data: Record<string, string>, ...flags: string[]): CaseStep["mutate"] =>
  (context) =>
    context.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: metadata(context, "here"), data }, ...flags);

function here(
  label: string,
  data: Record<string, string>,
  more: Omit<CaseStep, "label" | "program">,
  extra: Metadata = {},
  id?: string,
): CaseStep {
  const program = (context: CaseContext): void => {
    const options = id === undefined ? {} : { import: id };
    new k8s.core.v1.ConfigMap("cm", { metadata: metadata(context, "here", extra), data }, options);
  };
  return { label, program, ...more };
}

const seeHere = (namespace: string): Pick<CaseStep, "observe"> => ({ observe: [["cm", "here", "-n", namespace]] });

const exists: TestCase = {
  name: "exists",
  steps: [
    here("other data", { a: "2" }, { mutate: handMade({ a: "1", b: "1" }), ...seeHere("c-exists") }),
    here("force", { a: "2" }, seeHere("c-exists"), { annotations: force }),
  ],
};

const imported: TestCase = {
  name: "import",
  steps: [
    here("mismatch", { a: "2" }, { mutate: handMade({ a: "1" }) }, {}, "c-import/here"),
    here("match", { a: "1" }, {}, {}, "c-import/here"),
    here("change after", { a: "1" }, {}, { labels }),
    {
      label: "missing",
      program: (context) =>
        new k8s.core.v1.ConfigMap("cm2", { metadata: metadata(context, "nothing"), data: { a: "1" } }, { import: "c-import/nothing" }),
    },
  ],
};

const get: TestCase = {
  name: "get",
  steps: [
    { label: "present", program: () => k8s.core.v1.ConfigMap.get("cm", "c-get/here"), mutate: handMade({ a: "1" }) },
    { label: "absent", program: () => k8s.core.v1.ConfigMap.get("cm", "c-get/gone") },
  ],
};

function accountPatch(version: string): CaseStep {
  const observe = [["sa", "default", "-n", "c-sapatch"]];
  const program = (context: CaseContext): void => {
    const annotations = { v: version };
    new k8s.core.v1.ServiceAccountPatch("sa", {
      metadata: metadata(context, "default", { annotations }),
      imagePullSecrets: [{ name: `pull${version}` }],
    });
  };
  return { label: version, program, observe };
}

const nothing = (): void => undefined;

const accountPatches: TestCase = {
  name: "sapatch",
  steps: [
    accountPatch("1"),
    accountPatch("2"),
    { label: "removed from the program", program: nothing, observe: [["sa", "default", "-n", "c-sapatch"]] },
  ],
};

function configPatch(label: string, extra: Metadata, more: Omit<CaseStep, "label" | "program">): CaseStep {
  const program = (context: CaseContext): void => {
    new k8s.core.v1.ConfigMapPatch("p", { metadata: metadata(context, "here", extra), data: { a: "2" } });
  };
  return { label, program, ...more };
}

const patchConflict: TestCase = {
  name: "patch-conflict",
  steps: [
    configPatch("conflict", {}, { mutate: handMade({ a: "1" }, "--server-side", "--field-manager=other") }),
    configPatch("force", { annotations: force }, seeHere("c-patch-conflict")),
    { label: "removed from the program", program: nothing, ...seeHere("c-patch-conflict") },
  ],
};

export const ownershipCases: readonly TestCase[] = [
  ...[resourceQuota, conflict, driftField, driftAfterApply, driftDeleted],
  ...[exists, imported, get, accountPatches, patchConflict],
];
