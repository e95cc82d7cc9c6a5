import assert from "node:assert/strict";
import { releaseSource } from "../../components/platform/chartSource";

const pinned = { chart: "web", repository: "https://charts.example.org", version: "1.2.3" };

describe("releaseSource", () => {
  it("takes the pinned chart where nothing is chosen", () => {
    assert.deepEqual(releaseSource(pinned, {}), { chart: "web", version: "1.2.3", repositoryOpts: { repo: pinned.repository } });
  });

  it("takes a mirror with another version", () => {
    const source = releaseSource(pinned, { repository: "https://mirror.example.org", version: "1.2.4" });
    assert.deepEqual(source, { chart: "web", version: "1.2.4", repositoryOpts: { repo: "https://mirror.example.org" } });
  });

  it("takes an OCI chart at the pinned version, without a repository", () => {
    assert.deepEqual(releaseSource(pinned, { chart: "oci://mirror.example.org/web" }), {
      chart: "oci://mirror.example.org/web",
      version: "1.2.3",
    });
  });

  it("takes a directory or an archive as it is", () => {
    for (const chart of ["./charts/web", "/srv/web", "web-1.2.3.tgz"]) assert.deepEqual(releaseSource(pinned, { chart }), { chart });
  });
});
