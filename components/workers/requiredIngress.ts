import * as pulumi from "@pulumi/pulumi";
import type { IngressNginx } from "../platform/ingressNginx";

/** What stands behind the internal ingress needs of it. */
export type InternalIngress = Pick<IngressNginx, "namespace" | "className">;

/** @throws pulumi.InputPropertiesError at `propertyPath` where the stack has no internal ingress */
export function requiredIngress(name: string, propertyPath: string, ingress: InternalIngress | undefined): InternalIngress {
  if (ingress !== undefined) return ingress;
  const reason = "this stack has no internal ingress: add trustplane:ingressNginx, or do without what stands behind it";
  throw new pulumi.InputPropertiesError({ message: `invalid ${name}`, errors: [{ propertyPath, reason }] });
}
