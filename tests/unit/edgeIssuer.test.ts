import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { edgeIssuer } from "../../components/interlink/edgeIssuer";
import { clusterIssuerRef } from "../../components/platform/certificates";

const platform = { issuerRef: clusterIssuerRef("trustplane-lab-ca-1"), bundle: pulumi.output("PLATFORM") };

describe("edgeIssuer", () => {
  it("is the platform's where the edge names none", () => {
    assert.deepEqual(edgeIssuer(platform, undefined), { ref: platform.issuerRef, bundle: platform.bundle });
  });

  it("is the one that the edge names, with its own roots and not the platform's", () => {
    const ref = clusterIssuerRef("vault");
    assert.deepEqual(edgeIssuer(platform, { name: "vault", caBundle: "VAULT" }), { ref, bundle: "VAULT" });
    assert.deepEqual(edgeIssuer(platform, { name: "vault" }), { ref, bundle: "" });
  });
});
