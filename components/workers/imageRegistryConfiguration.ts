import { type RegistryStorage, storageParameters } from "./imageRegistryStorage";

export interface RegistrySettings {
  readonly storage: RegistryStorage;
  /** Whether clients may delete images; what they held goes with the garbage. @default false */
  readonly delete: boolean;
}

/** Where the pod finds what it reads. */
export const registryPaths = {
  configuration: "/etc/distribution",
  users: "/users",
} as const;

/** The port that the pod listens on, and the one that the registry has within it. */
export const registryPort = 5000;
export const serverPort = 5001;

/** How long a pod that is to end lets an upload go on. */
export const drainSeconds = 20;

/** The registry's key in the ConfigMap. */
export const configurationKey = "config.yml";

/**
 * The text of `config.yml`, which is JSON and so YAML.
 *
 * Addresses in answers are relative, because the registry does not know the port that clients reach it on; and blobs never come from the
 * store itself, which clients would have to reach and to trust as well.
 * @see https://distribution.github.io/distribution/about/configuration/
 */
export function registryConfiguration({ storage, delete: enabled }: RegistrySettings): string {
  const configuration = {
    version: "0.1",
    log: { level: "info" },
    storage: {
      ...storageParameters(storage),
      cache: { blobdescriptor: "inmemory" },
      delete: { enabled },
      redirect: { disable: true },
    },
    http: {
      addr: `127.0.0.1:${serverPort}`,
      relativeurls: true,
      draintimeout: `${drainSeconds}s`,
      headers: { "X-Content-Type-Options": ["nosniff"] },
    },
    auth: { htpasswd: { realm: "image registry", path: `${registryPaths.users}/htpasswd` } },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}
