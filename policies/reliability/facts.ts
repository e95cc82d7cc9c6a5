import { own } from "../frameworks";
import type { RuleFacts } from "../rule";

/** What the rules of this pack have in common: nobody is in danger, and nothing is stopped. */
export const reliability = { severity: "low", level: "advisory", frameworks: [own("reliability")] } as const satisfies Partial<RuleFacts>;
