import type * as pulumi from "@pulumi/pulumi";
import type { PonosAgentArgs } from "../components/ponos/ponosAgent";
import { pinnedImage } from "./image";
import { FILL_IMAGE, type GivenPonos } from "./ponosSchema";

/** The agent; whose CA its bundle holds is known only to the program. */
export interface PonosConfig extends Omit<PonosAgentArgs, "identifier" | "certificates" | "generations" | "storage"> {
  readonly storage: PonosAgentArgs["storage"] & {
    /** Whether the class is believed to give ReadWriteMany. @default false */
    readonly assumeReadWriteMany: boolean;
  };
}

/** The section as the program uses it; `seed` is the secret `ponosSeed`, absent where one is made. */
export function resolvePonos(given: GivenPonos, seed: pulumi.Output<string> | undefined): PonosConfig {
  const { generateSeed, image, digest, caBundle, ...rest } = given;
  return { ...rest, seed: generateSeed ? undefined : seed, image: pinnedImage({ digest }, image), caBundle: bundleOf(caBundle) };
}

function bundleOf({ enabled, image, digest, ...bundle }: GivenPonos["caBundle"]): PonosConfig["caBundle"] {
  return enabled ? { ...bundle, image: pinnedImage({ image, digest }, FILL_IMAGE) } : undefined;
}
