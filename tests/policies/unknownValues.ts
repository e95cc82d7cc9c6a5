import { createRequire } from "node:module";

export { unknownValue as unknownText } from "../../config/unknownValue";

/** The SDK exports it without a type. */
const { unknownCheckingProxy } = createRequire(__filename)("@pulumi/policy/proxy") as {
  unknownCheckingProxy: (properties: unknown) => unknown;
};

/** Properties as the SDK hands them to a policy: reading an unknown value throws. */
export function withUnknowns(properties: unknown): unknown {
  return unknownCheckingProxy(properties);
}
