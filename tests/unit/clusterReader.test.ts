import assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { AccessReviews } from "../../automation/checks/accessReview";
import { ClusterReader } from "../../preflight/clusterReader";
import { ReadError } from "../../preflight/readError";
import { kubeconfigFor } from "./fakeApiServer";

describe("a reader of a busy cluster", () => {
  let server: http.Server;
  let answer: http.RequestListener;
  let asked: number;

  beforeEach(async () => {
    asked = 0;
    server = http.createServer((request, response) => {
      asked++;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function kubeConfig(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromString(kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    return config;
  }

  const reader = (signal = new AbortController().signal): Promise<ClusterReader> =>
    ClusterReader.open(kubeConfig(), kubeConfig().getCurrentCluster()?.server ?? "", signal);

  const error = async (signal?: AbortSignal): Promise<ReadError> => {
    const reason = await (await reader(signal)).find("/version").catch((thrown: unknown) => thrown);
    assert.ok(reason instanceof ReadError, String(reason));
    return reason;
  };

  it("asks again until there is an answer: after 429, 5xx and a connection that broke off", async () => {
    const troubles: readonly http.RequestListener[] = [
      (_, response) => response.writeHead(429).end(),
      (_, response) => response.writeHead(503).end(),
      (request) => request.socket.destroy(),
    ];
    answer = (request, response) => {
      const trouble = troubles[asked - 1];
      if (trouble === undefined) response.end(JSON.stringify({ gitVersion: "v1" }));
      else trouble(request, response);
    };
    assert.deepEqual(await (await reader()).find("/version"), { gitVersion: "v1" });
    assert.equal(asked, 4);
  });

  it("gives up at once where the server asks for a pause that is too long", async () => {
    answer = (_, response) => response.writeHead(429, { "retry-after": "3600" }).end();
    assert.deepEqual([(await error()).unread, asked], ["not checked", 1]);
  });

  it("gives up when the time of its user is over, whether the server is silent or refuses", async () => {
    answer = () => undefined;
    assert.equal((await error(AbortSignal.timeout(100))).unread, "not checked");
    answer = (_, response) => response.writeHead(503).end();
    assert.equal((await error(AbortSignal.timeout(100))).unread, "not checked");
  });

  it("does not repeat what is answered: a missing right, an object that is not there", async () => {
    answer = (_, response) => response.writeHead(403).end(JSON.stringify({ message: "may not list nodes" }));
    const { message, unread } = await error();
    assert.deepEqual([message, unread, asked], ["may not list nodes", "not permitted", 1]);
    answer = (_, response) => response.writeHead(404).end("{}");
    assert.equal(await (await reader()).find("/version"), undefined);
  });

  it("asks sixteen questions at a time, whoever asks", async () => {
    let [open, most] = [0, 0];
    answer = (request, response) => {
      most = Math.max(most, ++open);
      request.resume().on("end", () => {
        void setTimeout(5).then(() => {
          open--;
          response.end(JSON.stringify({ status: { allowed: true } }));
        });
      });
    };
    const questions = Array.from({ length: 40 }, (_, index) => ({ verb: "get", group: "", resource: `r${index}` }));
    const [mine, others] = [new AccessReviews(kubeConfig()), new AccessReviews(kubeConfig())];
    const answers = await Promise.all([mine.deniedToMe(questions), others.allowedTo({ groups: ["g"] }, questions)]);
    assert.deepEqual(
      answers.map(({ length }) => length),
      [0, 40],
    );
    assert.ok(most <= 16, `${most} at a time`);
  });
});
