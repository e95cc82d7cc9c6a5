import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { UnreachableError } from "../../local/plugins/kubernetes/apiError";
import { KubernetesClient } from "../../local/plugins/kubernetes/client";
import { kubeconfigFor } from "./fakeApiServer";

describe("a request to an API server that gives no answer", () => {
  let server: http.Server;
  let address: string;
  let answer: (response: http.ServerResponse) => void;

  before(async () => {
    server = http.createServer((request, response) => {
      request.resume().on("end", () => {
        answer(response);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.close();
    server.closeAllConnections();
  });

  async function reason(signal?: AbortSignal): Promise<string> {
    const error: unknown = await KubernetesClient.fromKubeconfig(kubeconfigFor(address))
      .request("POST", "/api", { body: {}, signal })
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof UnreachableError, String(error));
    assert.equal(error.message, `Post "${address}/api": ${error.reason}`);
    return error.reason;
  }

  it("says so in Go's words where it hangs up before the answer", async () => {
    answer = (response) => response.destroy();
    assert.equal(await reason(), "EOF");
  });

  it("and in the middle of it", async () => {
    answer = (response) => {
      response.writeHead(201, { "content-length": "100" });
      response.write("{", () => response.destroy());
    };
    assert.equal(await reason(), "unexpected EOF");
  });

  it("and where the user cancels before", async () => {
    const cancel = new AbortController();
    answer = () => {
      cancel.abort();
    };
    assert.equal(await reason(cancel.signal), "context canceled");
  });

  it("and where the user cancels in the middle of it", async () => {
    const cancel = new AbortController();
    answer = (response) => {
      response.writeHead(201);
      response.write("{");
      setTimeout(() => {
        cancel.abort();
      }, 100);
    };
    assert.equal(await reason(cancel.signal), "context canceled");
  });

  it("and where time is up", async () => {
    answer = () => undefined;
    assert.match(await reason(AbortSignal.timeout(50)), /^dial tcp .*: i\/o timeout$/);
  });
});
