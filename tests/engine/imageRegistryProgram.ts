import type * as pulumi from "@pulumi/pulumi";
import { clusterProvider } from "../../components/platform/clusterProvider";
import { platformOf } from "../../components/platform/platform";
import { ImagePullSecrets } from "../../components/workers/imagePullSecrets";
import { ImageRegistry } from "../../components/workers/imageRegistry";
import { readConfig } from "../../config/readConfig";
import { preflight } from "../../preflight/preflight";

/** The variable with what would be the secret `workersRegistryUsers`. */
export const passwordsVariable = "TEST_REGISTRY_PASSWORDS";

/** A platform with a registry, and pull secrets for another one. */
export async function program(): Promise<Record<string, pulumi.Input<unknown>>> {
  const config = await readConfig();
  await preflight(config);
  const provider = clusterProvider(config.cluster);
  const platform = platformOf(config.cluster.identifier, config.platform, { provider });
  const args = config.workers?.registry;
  if (args === undefined) throw new Error("the stack has no workers.registry");
  const givenPasswords = JSON.parse(process.env[passwordsVariable] ?? "{}") as Record<string, string>;
  const registry = new ImageRegistry("registry", { ...args, givenPasswords, platform }, { provider });
  const logins = { "other.example.org": { username: "u", password: "p" } };
  new ImagePullSecrets(
    "pull",
    {
      secrets: [{ name: "other", servers: Object.keys(logins), namespaces: ["default", "kube-public"] }],
      logins,
      serviceAccounts: [{ name: "puller", namespace: "default", imagePullSecrets: ["other", "image-registry"] }],
      defaultServiceAccounts: [{ namespace: "kube-public", imagePullSecrets: ["other"] }],
    },
    { provider },
  );
  const { address, loginCommand, registryPasswords } = registry;
  return { bundle: platform.bundle, address, loginCommand, registryPasswords };
}
