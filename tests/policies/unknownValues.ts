import { createRequire } from "node:module";

/** What the engine sends in the place of a text that only the update will know. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The SDK exports it without a type. */
const { unknownCheckingProxy } = createRequire(__filename)("@pulumi/policy/proxy") as {
  unknownCheckingProxy: (properties: unknown) => unknown;
};

/** Properties as the SDK hands them to a policy: reading an unknown value throws. */
export function withUnknowns(properties: unknown): unknown {
  return unknownCheckingProxy(properties);
}
