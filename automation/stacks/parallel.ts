import * as os from "node:os";
import { type Option, wholeNumber } from "../arguments";
import type { Session } from "../session";

/** For scripts that work on several stacks side by side. */
export const parallelOption: Option = {
  name: "parallel",
  value: "NUMBER",
  about: "how many stacks at a time, where there are several (default: the number of processors)",
};

/** How many stacks are worked on at a time. */
export function parallel({ given }: Pick<Session, "given">): number {
  return wholeNumber(given, parallelOption.name, os.availableParallelism());
}
