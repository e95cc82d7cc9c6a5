import { EDGE_NAMESPACE } from "./interlink";
import type { PlexusSurroundings } from "./plexusRules";
import type { ReadableStack } from "./stackSchema";

/** What the tenants of a stack have around them, as far as it can be read. */
export function plexusSurroundings(stack: ReadableStack): PlexusSurroundings {
  const { platform, interlink, certificateAuthority } = stack;
  const taken = Object.entries(takenNamespaces(stack)).flatMap(([owner, names]) =>
    names.flatMap((name) => (name === undefined ? [] : [[name, `trustplane:${owner}`] as const])),
  );
  return { foreign: platform !== undefined, interlink, certificateAuthority, taken: new Map(taken) };
}

/** Namespaces by what has them; a tenant in one of them would have its Secrets. */
export function takenNamespaces(stack: ReadableStack): Readonly<Record<string, readonly (string | undefined)[]>> {
  const { certManager, ingressNginx, interlink, ponos, plexus, geocube, workers, certificateAuthority } = stack;
  const exposure = interlink?.exposure;
  return {
    // tenants' namespaces have the bundle without being named here, and it cannot be made twice
    "certificateAuthority.trustBundle.namespaces": certificateAuthority?.trustBundle.namespaces ?? [],
    "certManager.namespace": [certManager?.namespace],
    "ingressNginx.namespace": [ingressNginx?.namespace],
    "interlink.namespace": interlink === undefined ? [] : [interlink.namespace ?? EDGE_NAMESPACE],
    "interlink.accessProbe.namespace": [interlink?.accessProbe?.namespace],
    "interlink.exposure.metalLB.namespace": [exposure?.type === "loadBalancer" ? exposure.metalLB?.namespace : undefined],
    "ponos.namespace": [ponos?.namespace],
    "plexus.datashim.namespace": [plexus?.datashim?.namespace],
    "geocube.namespace": [geocube?.namespace],
    "workers.namespaces": Object.keys(workers?.namespaces ?? {}),
    "workers.ingress.example.namespace": [workers?.ingress?.example?.namespace],
    "workers.registry.namespace": [workers?.registry?.namespace],
  };
}
