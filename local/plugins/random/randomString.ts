import type { StateOnlyResource } from "../server/stateOnlyResource";
import { characterDefaults, characterProblems, numericAliases, randomText } from "./characters";

/** Random text that is not secret. */
export const randomString: StateOnlyResource = {
  type: "random:index/randomString:RandomString",
  defaults: characterDefaults,
  computed: ["result"],
  secrets: [],
  schemaVersion: "2",
  check: characterProblems,
  derive: numericAliases,
  create(planned) {
    const result = randomText(planned);
    return Promise.resolve({ id: result, outputs: { result } });
  },
};
