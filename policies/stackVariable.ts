/** Names the stack for `pulumi policy analyze`, which does not tell a pack which stack it reads. */
export const stackVariable = "TRUSTPLANE_POLICY_STACK";
