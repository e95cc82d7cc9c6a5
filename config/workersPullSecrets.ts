import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ImagePullSecretsArgs, PullingServiceAccount } from "../components/workers/imagePullSecrets";
import type { Logins } from "../components/workers/imagePullSecretsObject";
import { dnsLabel } from "./fields";
import { registryServer } from "./workersPullSecretsFields";

const names = z.array(dnsLabel(253));

/** `trustplane:workers.imagePullSecrets`: logins at registries for pods. Absent means that there are none. */
export const imagePullSecretsSchema = z
  .strictObject({
    secrets: z
      .array(
        z.strictObject({
          name: dnsLabel(253).meta({ description: "Name of the Secret in each namespace." }),
          servers: z
            .array(registryServer)
            .min(1)
            .meta({ description: "Registries whose logins it holds, from the secret workersRegistryLogins." }),
          namespaces: z.array(dnsLabel()).min(1).meta({ description: "Namespaces that get it; they exist." }),
        }),
      )
      .min(1)
      .meta({ description: "The pull secrets." }),
    serviceAccounts: z
      .array(
        z.strictObject({
          name: dnsLabel(253),
          namespace: dnsLabel(),
          imagePullSecrets: names.min(1).optional().meta({ description: "Names of pull secrets; those of this section unless given." }),
        }),
      )
      .default([])
      .meta({ description: "ServiceAccounts to make for workloads that pull with them." }),
    defaultServiceAccounts: z
      .array(
        z.strictObject({
          namespace: dnsLabel(),
          imagePullSecrets: names.min(1).meta({ description: "The whole list: Kubernetes keeps it as one value." }),
        }),
      )
      .default([])
      .meta({ description: "Namespaces whose default ServiceAccount gets this list; the others are left as they are." }),
  })
  .meta({ description: "Logins at registries for pods; none unless given." });

/** The section as its schema reads it. */
export type GivenPullSecrets = z.output<typeof imagePullSecretsSchema>;

/** The section as the program uses it; `logins` is the secret `workersRegistryLogins`, which is there where the section is. */
export function resolveImagePullSecrets(given: GivenPullSecrets, logins: pulumi.Output<string>): ImagePullSecretsArgs {
  const serviceAccounts = given.serviceAccounts.map((account): PullingServiceAccount => {
    return { ...account, imagePullSecrets: account.imagePullSecrets ?? secretsIn(given, account.namespace) };
  });
  return { ...given, serviceAccounts, logins: logins.apply((text) => JSON.parse(text) as Logins) };
}

/** Names of the section's pull secrets in a namespace. */
export function secretsIn({ secrets }: GivenPullSecrets, namespace: string): string[] {
  return secrets.filter(({ namespaces }) => namespaces.includes(namespace)).map(({ name }) => name);
}
