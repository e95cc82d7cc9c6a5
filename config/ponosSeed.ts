import type { Problem } from "./problem";
import { lineFlaw } from "./textFields";
import type { ReadablePonos } from "./ponosSchema";
import type { RawConfig } from "./rawConfig";

const KEY = "ponosSeed";

const SET_IT = `pulumi config set --secret trustplane:${KEY}`;
const MAKE_ONE = "ponos.generateSeed: true to have one made for the farm";

/**
 * What is wrong with the farm's seed.
 *
 * @param ponos the agent that it belongs to, if there is one
 * @param unsure whether other problems leave open if one was meant
 */
export function ponosSeedProblems(raw: RawConfig, ponos: ReadablePonos | undefined, unsure: boolean): Problem[] {
  const seed = raw.secrets[KEY];
  if (seed !== undefined && !raw.secretKeys.has(KEY)) {
    return [problem("a seed in plain text", "a secret", `remove it from the stack's file, then: ${SET_IT}`)];
  }
  if (ponos === undefined) return unsure || seed === undefined ? [] : [unused("no seed where there is no section ponos")];
  if (ponos.generateSeed === true) return seed === undefined ? [] : [unused("no seed where ponos.generateSeed is true")];
  if (seed === undefined) return [problem("nothing", "the farm's seed, as a secret", `${SET_IT}; or set ${MAKE_ONE}`)];
  const flaw = lineFlaw("the farm's seed", seed);
  return flaw === undefined
    ? []
    : [problem(seed === "" ? "an empty seed" : "[secret]", flaw.allowed, `${SET_IT}, with the seed that Arkindex shows`)];
}

function unused(allowed: string): Problem {
  return problem("a seed that nothing uses", allowed, `pulumi config rm trustplane:${KEY}, or set ponos without generateSeed`);
}

function problem(found: string, allowed: string, wayOut: string): Problem {
  return { path: KEY, found, allowed, wayOut };
}
