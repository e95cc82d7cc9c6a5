import { randomUUID } from "node:crypto";
import type { StateOnlyResource } from "../server/stateOnlyResource";

/** A random (version 4) UUID. */
export const randomUuid: StateOnlyResource = {
  type: "random:index/randomUuid:RandomUuid",
  defaults: {},
  computed: ["result"],
  secrets: [],
  check: () => [],
  create() {
    const result = randomUUID();
    return Promise.resolve({ id: result, outputs: { result } });
  },
};
