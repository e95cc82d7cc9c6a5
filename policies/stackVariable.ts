/** Names the stack for a pack that is started without a language host. */
export const stackVariable = "TRUSTPLANE_POLICY_STACK";
