import type { RootHookObject } from "mocha";

/** Mocha takes what is thrown outside a test for the failure of the one that runs; it says nothing of a rejection that nobody awaits. */
function fail(reason: unknown): never {
  throw reason;
}

/** Makes a rejection that nobody awaits fail the test that runs. Mocha removes every listener at the end of a file. */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    process.on("unhandledRejection", fail);
  },
};

/** Rejections that nobody awaited, kept from failing a test. */
export interface StrayRejections {
  readonly seen: readonly unknown[];
  /** From now on they fail tests again. */
  end(): void;
}

/** The SDK leaves copies of some errors unhandled, beside the one that it ends with. */
export function keepStrayRejections(): StrayRejections {
  const others = process.listeners("unhandledRejection");
  const seen: unknown[] = [];
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => void seen.push(reason));
  const end = (): void => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  };
  return { seen, end };
}
