import { randomBytes } from "node:crypto";
import { count, type StateOnlyResource } from "../server/stateOnlyResource";

/** Random bytes as base64, hexadecimal and decimal text. */
export const randomId: StateOnlyResource = {
  type: "random:index/randomId:RandomId",
  inputs: ["byteLength", "keepers"],
  defaults: {},
  computed: ["b64Std", "b64Url", "dec", "hex"],
  secrets: [],
  check: () => [],
  create({ byteLength }) {
    const bytes = randomBytes(count(byteLength));
    const [id, hex] = [bytes.toString("base64url"), bytes.toString("hex")];
    const outputs = { b64Std: bytes.toString("base64"), b64Url: id, dec: BigInt(`0x0${hex}`).toString(), hex };
    return Promise.resolve({ id, outputs });
  },
};
