import * as assert from "node:assert/strict";
import { normalise } from "../../local/plugins/kubernetes/normalise";
import { Schemas, type OpenApi } from "../../local/plugins/kubernetes/openApi";
import type { JsonObject } from "../../local/plugins/server/provider";
import { UNKNOWN } from "../../local/plugins/server/values";

const schemas = new Schemas({
  "io.k8s.api.core.v1.Thing": {
    "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Thing" }],
    required: ["needed"],
    properties: {
      ...{ apiVersion: {}, kind: {}, metadata: {}, needed: {}, list: {}, struct: { properties: { a: {} } } },
      map: { additionalProperties: { type: "string" } },
      amounts: { additionalProperties: { allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" }] } },
    },
  },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
});
const openApi = { schemaOf: (kind: Parameters<Schemas["ofKind"]>[0]) => Promise.resolve(schemas.ofKind(kind)) } as unknown as OpenApi;
const thing = (fields: JsonObject): JsonObject => ({ apiVersion: "v1", kind: "Thing", ...fields });

describe("normalise", () => {
  it("writes quantities as the server does", async () => {
    assert.deepEqual(
      await normalise(thing({ amounts: { cpu: "1000m", memory: "1024Mi" } }), openApi),
      thing({ amounts: { cpu: "1", memory: "1Gi" } }),
    );
  });

  it("drops unknown fields and empty lists and maps, and keeps empty structures and what is required", async () => {
    const given = thing({ unheard: 1, list: [], map: {}, struct: {}, needed: [] });
    assert.deepEqual(await normalise(given, openApi), thing({ struct: {}, needed: [] }));
  });

  it("moves a Secret's stringData into its data", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { a: "YQ==", b: "Yg==" }, stringData: { a: "c" } };
    assert.deepEqual(await normalise(secret, undefined), { apiVersion: "v1", kind: "Secret", data: { a: "Yw==", b: "Yg==" } });
  });

  it("leaves inputs alone that are not known yet, and custom resources", async () => {
    const unknown = thing({ list: [], needed: UNKNOWN });
    assert.deepEqual(await normalise(unknown, openApi), unknown);
    const custom = { apiVersion: "example.com/v1", kind: "Thing", list: [], unheard: 1 };
    assert.deepEqual(await normalise(custom, openApi), custom);
  });

  it("removes what only the server writes", async () => {
    const given = thing({ metadata: { name: "n", uid: "u", resourceVersion: "1" } });
    assert.deepEqual(await normalise(given, openApi), thing({ metadata: { name: "n" } }));
  });
});
