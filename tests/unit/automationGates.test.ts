import * as assert from "node:assert/strict";
import { readArguments } from "../../automation/arguments";
import type { StateResource } from "../../automation/deployment";
import { gateArguments, gateFindings, gateOptions, idleAllowances, refuseFindings, refuseUnseenResources } from "../../automation/gates";
import type { ResourceStep } from "../../automation/operationRecord";

function steps(counts: Readonly<Record<string, number>>): ResourceStep[] {
  return Object.entries(counts).flatMap(([op, count]) =>
    Array.from({ length: count }, (_, index) => ({ op, urn: `urn:pulumi:dev::p::t:i:T::${op}-${index}`, type: "t:i:T", diffs: [] })),
  );
}

function preview(changed: readonly ResourceStep[]) {
  return { steps: changed, changes: changed };
}

/** One step of the engine on a resource of this type, below a component where one is named. */
function step(
  op: string,
  type: string,
  name: string,
  more: { readonly below?: string; readonly diffs?: readonly string[] } = {},
): ResourceStep {
  const { below, diffs = [] } = more;
  return { op, urn: `urn:pulumi:dev::p::${below === undefined ? "" : `${below}$`}${type}::${name}`, type, diffs };
}

const found = (changed: readonly ResourceStep[], given: Record<string, string | true> = {}, resources: readonly StateResource[] = []) =>
  gateFindings(preview(changed), { resources }, new Map(Object.entries(given)));

describe("the gate on mass deletions", () => {
  const refused: readonly Readonly<Record<string, number>>[] = [
    { delete: 21, same: 62 },
    { delete: 21, same: 0, create: 500 },
  ];
  for (const counts of refused) {
    it(`stops ${JSON.stringify(counts)}`, () => {
      assert.deepEqual(
        found(steps(counts)).map(({ allow }) => allow),
        ["--allow-mass-delete"],
      );
    });
  }

  const allowed: readonly Readonly<Record<string, number>>[] = [
    { delete: 20, same: 1 },
    { delete: 21, same: 63 },
    { replace: 100 },
    { create: 100 },
  ];
  for (const counts of allowed) {
    it(`lets ${JSON.stringify(counts)} pass`, () => {
      assert.deepEqual(found(steps(counts)), []);
    });
  }

  it("lets everything pass that is allowed", () => {
    assert.deepEqual(found(steps({ delete: 100 }), { "allow-mass-delete": true }), []);
  });
});

describe("the gate on what nothing brings back", () => {
  const generation = { below: "trustplane:platform:PrivateCa$trustplane:platform:CaGeneration" };
  const doomed: readonly ResourceStep[] = [
    step("delete", "kubernetes:core/v1:PersistentVolumeClaim", "data"),
    step("replace", "kubernetes:core/v1:PersistentVolumeClaim", "data"),
    step("delete", "kubernetes:core/v1:Namespace", "tenant"),
    step("delete", "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "certificates"),
    step("replace", "kubernetes:storage.k8s.io/v1:StorageClass", "shared"),
    step("replace", "tls:index/privateKey:PrivateKey", "private-ca-1-key", generation),
    step("delete", "tls:index/selfSignedCert:SelfSignedCert", "private-ca-1-root", generation),
    step("replace", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "binding", { diffs: ["roleRef"] }),
    step("delete", "tls:index/privateKey:PrivateKey", "signing"),
    step("replace", "random:index/randomPassword:RandomPassword", "database-password"),
    step("delete", "random:index/randomBytes:RandomBytes", "seed"),
    step("replace", "random:index/randomId:RandomId", "salt"),
  ];
  for (const one of doomed) {
    it(`stops ${one.op} of ${one.type}, until it is named`, () => {
      const name = one.urn.split("::").at(-1) ?? "";
      const [finding, ...others] = found([one]);
      assert.deepEqual([finding?.finding, finding?.allow, others], ["irreversible", `--allow-replace ${name}`, []]);
      assert.deepEqual(found([one], { "allow-replace": name }), []);
      assert.deepEqual(found([one], { "allow-replace": `other\n${one.urn}` }), []);
      assert.equal(found([one], { "allow-replace": "other" }).length, 1);
    });
  }

  const harmless: readonly ResourceStep[] = [
    step("update", "kubernetes:core/v1:PersistentVolumeClaim", "data"),
    step("create", "kubernetes:core/v1:Namespace", "tenant"),
    step("delete", "kubernetes:core/v1:NamespacePatch", "levels"),
    step("delete", "kubernetes:core/v1:ConfigMap", "settings"),
    step("delete", "tls:index/locallySignedCert:LocallySignedCert", "private-ca-2-cross", generation),
    step("replace", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "binding", { diffs: ["metadata"] }),
    step("delete", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "binding"),
  ];
  for (const one of harmless) {
    it(`lets ${one.op} of ${one.type} ${one.diffs.join()} pass`, () => {
      assert.deepEqual(found([one]), []);
    });
  }

  const key = step("replace", "tls:index/privateKey:PrivateKey", "plexus-astro-key", { below: "trustplane:plexus:PlexusTenant" });
  const user = (type: string): StateResource => ({ urn: `urn:pulumi:dev::p::${type}::user`, type, dependencies: [key.urn] });

  it("lets a key go for which an authority signs the next certificate, and no key of an authority", () => {
    const request = user("tls:index/certRequest:CertRequest");
    assert.deepEqual(found([key], {}, [request]), []);
    assert.equal(found([key], {}, [request, user("tls:index/selfSignedCert:SelfSignedCert")]).length, 1);
  });

  for (const op of ["delete", "replace", "update"]) {
    const release = step(op, "kubernetes:helm.sh/v3:Release", "cert-manager-release");
    const foundWith = (definitions: readonly string[] | undefined) =>
      gateFindings({ ...preview([release]), lostDefinitions: new Map([[release.urn, definitions]]) }, {}, new Map());

    it(`stops ${op} of a Release that takes definitions along, or may do so, and no other`, () => {
      assert.match(
        foundWith(["certificates.cert-manager.io"])[0]?.why ?? "",
        /every object of the kinds .*: certificates\.cert-manager\.io/,
      );
      assert.match(foundWith(undefined)[0]?.why ?? "", /cannot be rendered and may have definitions/);
      assert.deepEqual(foundWith([]), []);
    });
  }

  it("names what --allow-replace allows in vain", () => {
    const given = new Map([["allow-replace", "data\ndatta"]]);
    const claim = step("delete", "kubernetes:core/v1:PersistentVolumeClaim", "data");
    assert.deepEqual(idleAllowances(preview([claim]), {}, given), ["datta"]);
  });

  it("lets what stays on the cluster leave the state", () => {
    const claim = step("delete", "kubernetes:core/v1:PersistentVolumeClaim", "data");
    const kept = { urn: claim.urn, type: claim.type, retainOnDelete: true };
    assert.deepEqual(found([claim], {}, [kept]), []);
  });
});

describe("the gate", () => {
  it("stops more changes than it is told, and refuses what is no number", () => {
    const three = steps({ create: 3 });
    assert.deepEqual(
      found(three, { "max-changes": "2" }).map(({ what, allow }) => [what, allow]),
      [["change 3 resources", "--max-changes 3"]],
    );
    assert.deepEqual(found(three, { "max-changes": "3" }), []);
    assert.throws(() => readArguments(["--max-changes", "many"], { command: "up", about: "", options: gateOptions }), {
      message: "--max-changes many: allowed is a number of resources, for example 20.",
    });
  });

  it("tells everything that it found in one table, the most serious first, and how it all passes", () => {
    const steps = [step("delete", "kubernetes:core/v1:Namespace", "one"), step("delete", "kubernetes:core/v1:Namespace", "two")];
    assert.throws(
      () => {
        refuseFindings(found(steps, { "max-changes": "1" }), []);
      },
      {
        message: [
          "refused by the gate; nothing was changed.",
          "finding           what                                     why",
          "irreversible      delete kubernetes:core/v1:Namespace one  everything in it goes with it",
          "irreversible      delete kubernetes:core/v1:Namespace two  everything in it goes with it",
          "too many changes  change 2 resources                       --max-changes is 1",
          "If this is meant, the same command with: --allow-replace one --allow-replace two --max-changes 2",
        ].join("\n"),
      },
    );
  });

  it("hands its arguments on to another process as they were given", () => {
    const given = new Map<string, string | true>([
      ["allow-replace", "one\ntwo"],
      ["allow-mass-delete", true],
      ["yes", true],
    ]);
    assert.deepEqual(gateArguments(given), ["--allow-mass-delete", "--allow-replace", "one", "--allow-replace", "two"]);
  });
});

describe("refuseUnseenResources", () => {
  it("refuses when the engine missed a resource, and names it", () => {
    assert.throws(() => {
      refuseUnseenResources(
        { seen: new Set(["urn:pulumi:dev::p::t:i:T::a"]) },
        new Set(["urn:pulumi:dev::p::t:i:T::a", "urn:pulumi:dev::p::t:i:T::b"]),
      );
    }, /registered 2 resources, and the engine saw 1 of them; t:i:T b is the first/);
  });

  it("does not mind resources that only the engine knows", () => {
    refuseUnseenResources({ seen: new Set(["a", "provider"]) }, new Set(["a"]));
  });
});
