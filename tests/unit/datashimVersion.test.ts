import assert from "node:assert/strict";
import { datasetsApiGroup, isBefore } from "../../components/plexus/datashimVersion";
import { settled as datashim } from "./datashimFixture";
import { tenant } from "./plexusFixture";

describe("datasetsApiGroup", () => {
  for (const version of ["0.1.0", "0.3.2", "v0.3.2"]) {
    it(`is the earlier group for ${version}`, () => {
      assert.equal(datasetsApiGroup(version), "com.ie.ibm.hpsys");
    });
  }

  for (const version of ["0.4.0-alpha.1", "0.4.0", "0.4.1", "0.10.0", "1.0.0"]) {
    it(`is today's group for ${version}`, () => {
      assert.equal(datasetsApiGroup(version), "datashim.io");
    });
  }

  it("is today's group where no version is named", () => {
    assert.equal(datasetsApiGroup(), "datashim.io");
  });
});

describe("a tenant's Role", () => {
  async function groups(version: string): Promise<readonly string[]> {
    const shared = {
      storageClass: { type: "existing", name: "shared" },
      nodes: [],
      datashim: { ...datashim, install: false, version },
    } as const;
    const { inputs } = (await tenant({ datasets: true }, { shared })).get("plexus-astro-astro-role");
    const { rules } = inputs as { rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[] }[] };
    return rules.filter(({ resources }) => resources.includes("datasets")).flatMap(({ apiGroups }) => apiGroups);
  }

  it("names the group of the Datashim that the cluster has", async () => {
    assert.deepEqual([await groups("0.3.2"), await groups("0.4.1")], [["com.ie.ibm.hpsys"], ["datashim.io"]]);
  });
});

describe("isBefore", () => {
  it("compares numbers and not texts", () => {
    assert.deepEqual([isBefore("0.4.10", "0.4.9"), isBefore("0.4.9", "0.4.10"), isBefore("1.0.0", "0.4.0")], [false, true, false]);
  });

  it("takes no release for older than itself", () => {
    assert.equal(isBefore("0.4.0", "0.4.0"), false);
  });
});
