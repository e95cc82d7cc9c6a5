import { randomBytes } from "node:crypto";
import { count, text, type StateOnlyResource } from "../server/stateOnlyResource";

/** Random bytes as base64, hexadecimal and decimal text. */
export const randomId: StateOnlyResource = {
  type: "random:index/randomId:RandomId",
  defaults: {},
  computed: ["b64Std", "b64Url", "dec", "hex"],
  secrets: [],
  check: () => [],
  create(planned) {
    const bytes = randomBytes(count(planned.byteLength));
    const prefix = text(planned.prefix);
    const id = bytes.toString("base64url");
    const hex = bytes.toString("hex");
    const dec = BigInt(`0x0${hex}`).toString();
    const outputs = { b64Std: prefix + bytes.toString("base64"), b64Url: prefix + id, dec: prefix + dec, hex: prefix + hex };
    return Promise.resolve({ id, outputs });
  },
};
