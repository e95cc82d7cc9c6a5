import assert from "node:assert/strict";
import { resolveTenant } from "../../config/plexusTenant";
import { tenantSchema } from "../../config/plexusTenantSchema";
import { tenantObjects } from "../../automation/shards/tenantObjects";
import { bundle, otherStack, plexus } from "./plexusFixture";

const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const foreign = otherStack({ plexus: { clusterRole: "plexus-manager", storageClass: "shared" } });
const clusterAuthority = { certificate: bundle, key: "KEY" };

/** What a stack has besides its tenants. */
const beside = /^(trustplane:plexus:Plexus$|pulumi:pulumi:Stack$|pulumi:providers:)/;

/** How many resources a stack on another's platform registers for such a tenant alone. */
async function registered(given: Readonly<Record<string, unknown>>): Promise<number> {
  const tenant = resolveTenant(tenantSchema.parse(given));
  const { resources } = await plexus({ ...foreign, clusterAuthority, tenants: [tenant] });
  return resources.filter(({ type }) => !beside.test(type)).length;
}

describe("tenantObjects", () => {
  const tenants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "with a ServiceAccount": { credential: { type: "serviceAccount" } },
    "with a certificate that the cluster signs": { credential: { type: "certificateSigningRequest" } },
    "with a certificate that the stack signs": { credential: { type: "certificateAuthority" } },
    "with three namespaces": { credential: { type: "serviceAccount" }, namespaces: ["a", "b", "c"] },
    "with exposed pods in two namespaces": {
      credential: { type: "serviceAccount" },
      namespaces: ["a", "b"],
      exposure: { type: "loadBalancer" },
    },
    "with node ports": { credential: { type: "serviceAccount" }, exposure: { type: "nodePort" } },
    "with rights of its own": { credential: { type: "serviceAccount" }, extraRules: [rule], extraClusterRules: [rule] },
    "with Datasets, quota and groups": {
      credential: { type: "certificateSigningRequest" },
      datasets: true,
      quota: { pods: "7" },
      groups: ["labs"],
    },
  };
  for (const [what, given] of Object.entries(tenants)) {
    it(`counts what the program registers for a tenant ${what}`, async () => {
      const tenant = { name: "astro", ...given };
      assert.equal(tenantObjects(tenantSchema.parse(tenant)), await registered(tenant));
    });
  }
});
