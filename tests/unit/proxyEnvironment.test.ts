import assert from "node:assert/strict";
import { API_SERVER, noProxyText, proxyEnvironment } from "../../components/platform/proxyEnvironment";

const proxy = { http: "http://proxy.example.org:3128", https: "http://proxy.example.org:3129", noProxy: ["s3.example.org"] };
const own = "localhost,127.0.0.1,169.254.169.254,.svc,.cluster.local";

describe("proxyEnvironment", () => {
  it("names the proxy in both spellings, and what is reached without it", () => {
    assert.deepEqual(proxyEnvironment(proxy), {
      http_proxy: proxy.http,
      HTTP_PROXY: proxy.http,
      https_proxy: proxy.https,
      HTTPS_PROXY: proxy.https,
      no_proxy: `${own},s3.example.org`,
      NO_PROXY: `${own},s3.example.org`,
    });
  });

  it("has no variable of a proxy that there is not, and none at all without proxies", () => {
    assert.deepEqual(Object.keys(proxyEnvironment({ https: proxy.https, noProxy: [] })), [
      "https_proxy",
      "HTTPS_PROXY",
      "no_proxy",
      "NO_PROXY",
    ]);
    assert.deepEqual(proxyEnvironment(undefined, API_SERVER), {});
  });

  it("leaves the API server's address to the kubelet where a pod speaks to it", () => {
    assert.equal(proxyEnvironment(proxy, API_SERVER)["no_proxy"], `$(KUBERNETES_SERVICE_HOST),${own},s3.example.org`);
  });
});

describe("noProxyText", () => {
  const text = (serviceCidrs: readonly string[], podCidrs: readonly string[] = []): string =>
    noProxyText({ noProxy: [], serviceCidrs, podCidrs });

  it("adds the cluster's blocks, and the API server's address, the first of the Services'", () => {
    assert.equal(text(["10.96.0.0/16"], ["10.244.0.0/16"]), `${own},10.96.0.1,10.96.0.0/16,10.244.0.0/16`);
    assert.equal(text(["10.96.0.0/16", "fd00:10:96::/112"]), `${own},10.96.0.1,fd00:10:96::1,10.96.0.0/16,fd00:10:96::/112`);
  });

  it("says nothing twice", () => {
    assert.equal(noProxyText({ noProxy: [".svc", "10.96.0.1"], serviceCidrs: ["10.96.0.0/16"] }), `${own},10.96.0.1,10.96.0.0/16`);
  });
});
