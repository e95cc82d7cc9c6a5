import { z } from "zod";
import { cidr, dnsLabel, port, textWith } from "./fields";
import { objectLabels } from "./labels";
import { credentialSchema } from "./plexusCredential";
import { amounts, quota } from "./plexusAmounts";

/** RFC 5280 gives a common name, and an organization, 64 characters. */
const LONGEST_SUBJECT = 64;

/** A name of the certificate's subject, which RBAC knows as user or group. @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes */
function subject(what: string) {
  return textWith((text) => {
    if (/^[^\p{C}\p{Z}]([^\p{C}]*[^\p{C}\p{Z}])?$/u.test(text) && Buffer.byteLength(text) <= LONGEST_SUBJECT) return undefined;
    const allowed = `the name of a ${what}: at most ${LONGEST_SUBJECT} bytes (RFC 5280), no control characters, no spaces around it`;
    return { allowed, wayOut: "write a short name like another user's of the cluster" };
  });
}

const texts = z.array(z.string().min(1));

const rule = {
  apiGroups: z.array(z.string()).default([""]).meta({ description: 'API groups; "" is the core one.' }),
  resources: texts.min(1).meta({ description: "Resources, and subresources like pods/log." }),
  resourceNames: texts.min(1).optional().meta({ description: "Names of the objects; all of them unless given." }),
  verbs: texts.min(1).meta({ description: "get, list, watch, create, update, patch, delete, deletecollection." }),
};

const exposed = {
  allowedSources: z
    .array(cidr)
    .default([])
    .meta({ description: "CIDR blocks that may connect; everybody outside the cluster unless given." }),
  podLabels: objectLabels.default({}).meta({ description: "Labels of the pods that are exposed; all of them unless given." }),
};

const count = (of: string, fallback: number) =>
  z
    .int()
    .min(1)
    .max(10_000)
    .default(fallback)
    .meta({ description: `${of} that each namespace may have.` });

const exposure = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("nodePort"), nodePorts: count("Node ports", 10), ...exposed }),
    z.strictObject({
      type: z.literal("loadBalancer"),
      services: count("Services of type LoadBalancer", 2),
      nodePorts: z
        .int()
        .min(0)
        .max(10_000)
        .default(10)
        .meta({ description: "Node ports that each namespace may have; a load balancer takes one for each of its ports." }),
      ...exposed,
    }),
  ])
  .prefault({ type: "none" })
  .meta({ description: "Which Services for clients outside the cluster the tenant may make; none unless given." });

const network = z
  .strictObject({
    internet: z.boolean().default(true).meta({ description: "Whether pods reach the internet: every address outside clusterCidrs." }),
    destinations: z.array(cidr).default([]).meta({ description: "Further CIDR blocks that pods reach, also inside clusterCidrs." }),
    dnsPorts: z
      .array(port())
      .default([53])
      .meta({ description: "Ports of name servers, which may be anywhere; OpenShift's pods have 5353." }),
  })
  .prefault({})
  .meta({ description: "Where the tenant's pods may connect to, beside each other." });

const limits = z
  .strictObject({
    default: amounts.optional().meta({ description: "Limits of a container that names none.", default: { memory: "4Gi" } }),
    defaultRequest: amounts
      .optional()
      .meta({ description: "Requests of a container that names none.", default: { cpu: "500m", memory: "1Gi" } }),
    max: amounts.optional().meta({ description: "The most that a container may ask for; no bound unless given." }),
  })
  .prefault({})
  .meta({ description: "What a container gets, and may ask for." });

/** One tenant: an entry of `plexus.tenants`, and the whole of a tenant's file. */
export const tenantSchema = z.strictObject({
  name: dnsLabel().meta({ description: "The tenant's name." }),
  user: subject("user").optional().meta({ description: "The tenant's user, or its ServiceAccount; its name unless given." }),
  groups: z.array(subject("group")).default([]).meta({ description: "Groups of the user." }),
  namespaces: z
    .array(dnsLabel())
    .min(1)
    .optional()
    .meta({ description: "Namespaces of the tenant alone, the first being kubectl's default; one of its name unless given." }),
  credential: credentialSchema,
  extraRules: z
    .array(z.strictObject(rule))
    .default([])
    .meta({ description: "What the tenant may do in its namespaces beyond what Plexus needs." }),
  extraClusterRules: z
    .array(z.strictObject(rule))
    .default([])
    .meta({ description: "What the tenant may do in the whole cluster beyond seeing nodes and namespaces." }),
  quota: quota.default({}).meta({ description: "How much each namespace may take, by resource, over the defaults." }),
  limits,
  exposure,
  network,
  datasets: z.boolean().default(false).meta({ description: "Whether the tenant's pods mount Datasets of Datashim." }),
});

/** A tenant as its schema reads it. */
export type GivenTenant = z.output<typeof tenantSchema>;
