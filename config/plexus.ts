import type * as pulumi from "@pulumi/pulumi";
import type { GivenPlexus } from "./plexusSchema";

export interface PlexusConfig extends GivenPlexus {
  readonly certificateAuthorityKey?: pulumi.Output<string>;
}

/** The section as the program uses it; `key` is the secret `plexusCertificateAuthorityKey`, absent where it is not set. */
export function resolvePlexus(given: GivenPlexus, certificateAuthorityKey: pulumi.Output<string> | undefined): PlexusConfig {
  return { ...given, certificateAuthorityKey };
}
