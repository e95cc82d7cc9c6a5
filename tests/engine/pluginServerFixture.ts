import {
  PartialFailure,
  type CreateRequest,
  type CreateResult,
  type EngineLog,
  type Provider,
  type Resource,
} from "../../local/plugins/server/provider";
import { serve } from "../../local/plugins/server/serve";

// A provider that gives back what it is asked, for pluginServer.test.ts.
let log: EngineLog | undefined;

async function create(request: CreateRequest): Promise<CreateResult> {
  const { inputs, urn, type, name, timeoutSeconds, preview, signal } = request;
  if (typeof inputs.partial === "string") throw new PartialFailure(inputs.partial, "partial-id", inputs, { state: 1 }, ["why"]);
  if (inputs.wait === true)
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
    });
  for (const message of Array.isArray(inputs.log) ? inputs.log : []) log?.log("info", String(message), urn);
  return { id: "echo", outputs: { ...inputs, request: { urn, type, name, timeoutSeconds, preview } } };
}

const resource: Resource = {
  check: ({ newInputs }) => Promise.resolve({ inputs: newInputs }),
  diff: () => Promise.resolve({ changes: false }),
  create,
  update: ({ inputs }) => Promise.resolve({ outputs: inputs }),
  read: ({ id, oldInputs, oldState }) => Promise.resolve({ id, inputs: oldInputs, outputs: oldState }),
  delete: () => Promise.resolve(),
};

const echo: Provider = {
  name: "tests",
  version: "1.0.0",
  configure: (_inputs, engineLog) => {
    log = engineLog;
  },
  resource: () => resource,
};

serve(echo);
