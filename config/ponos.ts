import type * as pulumi from "@pulumi/pulumi";
import type { GivenPonos } from "./ponosSchema";

export interface PonosConfig extends GivenPonos {
  readonly seed?: pulumi.Output<string>;
}

/** The section as the program uses it; `seed` is the secret `ponosSeed`, absent where it is not set. */
export function resolvePonos(given: GivenPonos, seed: pulumi.Output<string> | undefined): PonosConfig {
  return { ...given, seed };
}
