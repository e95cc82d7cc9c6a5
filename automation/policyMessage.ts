import { plain } from "./comment/markdown";

/** What a policy reported, without its description, which the engine puts in a line before it. */
export function policyMessage(message: string): string {
  const [first = "", ...others] = plain(message).trim().split("\n");
  return others.length === 0 ? first : others.join("\n");
}
