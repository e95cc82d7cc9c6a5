import { hash } from "bcryptjs";
import type { StateOnlyResource } from "../server/stateOnlyResource";
import { characterDefaults, characterProblems, numericAliases, randomText } from "./characters";

const bcryptCost = 10;

/** Secret random text with its bcrypt hash; the id says nothing, because ids are not secret. */
export const randomPassword: StateOnlyResource = {
  type: "random:index/randomPassword:RandomPassword",
  defaults: characterDefaults,
  computed: ["bcryptHash", "result"],
  secrets: ["bcryptHash", "result"],
  schemaVersion: "3",
  check: characterProblems,
  derive: numericAliases,
  async create(planned) {
    const result = randomText(planned);
    return { id: "none", outputs: { result, bcryptHash: await bcryptHash(result) } };
  },
};

/** As the official plugin writes it: the same hash under the older name `2a`. */
async function bcryptHash(password: string): Promise<string> {
  return (await hash(password, bcryptCost)).replace(/^\$2b\$/, "$2a$");
}
