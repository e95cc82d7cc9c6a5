import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { TaskDefinition } from "./taskJob";

// In place of Arkindex: one farm (FARM_ID, FARM_SEED), whose agent calls the API over HTTPS, and a door over HTTP by which a test gives tasks and sees
// what came. The leaf is in /tls.

/** What an agent and its tasks have sent. */
export interface Received {
  /** Hosts by which agents have registered. */
  readonly agents: string[];
  /** In the order in which they came. */
  readonly states: { readonly task: string; readonly state: string }[];
  readonly logs: Record<string, string>;
  /** By `task/path`. */
  readonly artifacts: Record<string, string>;
  /** Tasks that have called by themselves, with their tokens. */
  readonly callers: string[];
  readonly refused: string[];
}

const { FARM_ID: farm, FARM_SEED: seed, URL: url = "" } = process.env;
const agentToken = "token-of-the-agent";
const received: Received = { agents: [], states: [], logs: {}, artifacts: {}, callers: [], refused: [] };
const definitions = new Map<string, TaskDefinition>();
let actions: { action: string; task_id: string }[] = [];

type Route = (match: readonly string[], body: string) => unknown;

const agentRoutes: Readonly<Record<string, Route>> = {
  "GET agent/actions/": () => {
    const given = actions;
    actions = [];
    return { actions: given };
  },
  "GET task/([^/]+)/definition/": ([task = ""]) => definitions.get(task),
  "PATCH task/([^/]+)/": ([task = ""], body) => received.states.push({ task, ...(JSON.parse(body) as { state: string }) }),
  "POST task/([^/]+)/artifacts/": ([task = ""], body) => ({
    s3_put_url: `${url}/s3/artifacts/${task}/${(JSON.parse(body) as { path: string }).path}`,
  }),
};

/** Answers of the API; undefined for what there is not. */
function api(method: string, path: string, authorization: string, body: string): unknown {
  const stored = /^\/s3\/(logs|artifacts)\/(.+)$/.exec(path);
  if (method === "PUT" && stored !== null) return Object.assign(received[stored[1] as "logs"], { [stored[2] ?? ""]: body });
  const wanted = `${method} ${path.replace("/api/v1/", "")}`;
  if (wanted === "POST agent/") return register(body);
  const task = /^GET task\/([^/]+)\/from-agent\/$/.exec(wanted)?.[1];
  if (task !== undefined && authorization === `Ponos token-of-${task}`) return received.callers.push(task);
  if (authorization !== `Bearer ${agentToken}`) return undefined;
  for (const [route, answer] of Object.entries(agentRoutes)) {
    const match = new RegExp(`^${route}$`).exec(wanted);
    if (match !== null) return answer(match.slice(1), body);
  }
  return undefined;
}

/** Of one host an agent is always the same. */
function register(body: string): unknown {
  const given = JSON.parse(body) as { farm_id: string; seed: string; hostname: string };
  if (given.farm_id !== farm || given.seed !== seed) return undefined;
  received.agents.push(given.hostname);
  return { id: `agent-on-${given.hostname}`, token: agentToken };
}

/** What a test asks for. */
function door(method: string, path: string, body: string): unknown {
  if (method === "POST" && path === "/start") {
    const task = JSON.parse(body) as TaskDefinition;
    const own = { ARKINDEX_TASK_TOKEN: `token-of-${task.id}` };
    definitions.set(task.id, { ...task, env: { ...task.env, ...own }, s3_logs_put_url: `${url}/s3/logs/${task.id}` });
  }
  if (method === "POST") actions.push({ action: path.slice(1), task_id: (JSON.parse(body) as { id: string }).id });
  return received;
}

function answering(answer: (request: http.IncomingMessage, body: string) => unknown): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const result = answer(request, Buffer.concat(chunks).toString());
        if (result === undefined) received.refused.push(`${request.method ?? ""} ${request.url ?? ""}`);
        response.writeHead(result === undefined ? 403 : 200, { "content-type": "application/json" }).end(JSON.stringify(result));
      });
  };
}

process.on("SIGTERM", () => process.exit(0));
// without what may follow it: whoever trusts it has the root of its own generation
const [certificate = ""] = fs.readFileSync("/tls/tls.crt", "utf8").split(/(?<=-----END CERTIFICATE-----\n)/);
const leaf = { cert: certificate, key: fs.readFileSync("/tls/tls.key") };
https
  .createServer(
    leaf,
    answering(({ method = "", url: path = "", headers }, body) => api(method, path, headers.authorization ?? "", body)),
  )
  .listen(8443);
http.createServer(answering(({ method = "", url: path = "" }, body) => door(method, path, body))).listen(8080);
