import * as fs from "node:fs";
import * as path from "node:path";
import { NGINX_IMAGE, PROBE_IMAGE } from "../../../config/sharedImages";
import { FILL_IMAGE } from "../../../config/ponosSchema";
import { REGISTRY_IMAGE } from "../../../config/workersRegistrySchema";
import { pauseImage } from "../nodeSettings";
import { type ImageContent, searchPath } from "./writeImages";

const certManagerParts = ["controller", "webhook", "cainjector", "startupapicheck"];

/** What a cluster and the stack `dev` on it run, but for Geocube. */
export const clusterImages: readonly ImageContent[] = [
  {
    images: {
      [pauseImage]: { Entrypoint: ["/pause"], User: "65535:65535" },
      [FILL_IMAGE]: { Cmd: ["sh"], Env: [searchPath] },
    },
    fill: (root, tools) => {
      root.busybox(tools.busybox.path);
      root.text("pause", "#!/bin/sh\ntrap 'exit 0' TERM INT\nsleep infinity & wait\n", 0o755);
    },
  },
  {
    images: { "registry.k8s.io/coredns/coredns:v1.14.2": { Entrypoint: ["/coredns"] } },
    fill: (root, tools) => {
      root.program(tools.coredns.path, "coredns");
    },
  },
  {
    // has no shell
    images: { [PROBE_IMAGE]: { Entrypoint: ["/bin/kubectl"], Env: [searchPath] } },
    fill: (root, tools) => {
      root.program(tools.kubectl.path, "bin/kubectl");
    },
  },
  {
    // one part for each of the chart's pods: upstream's code of it under the arguments of its own program
    images: Object.fromEntries(
      certManagerParts.map((part) => [
        `quay.io/jetstack/cert-manager-${part}:v1.21.2`,
        { Entrypoint: ["/cert-manager", part], User: "1000" },
      ]),
    ),
    fill: (root, tools) => {
      root.program(tools["cert-manager"].path, "cert-manager");
    },
  },
  {
    images: {
      [NGINX_IMAGE]: {
        Entrypoint: ["/docker-entrypoint.sh"],
        Cmd: ["nginx", "-g", "daemon off;"],
        Env: [searchPath],
        User: "101",
        StopSignal: "SIGQUIT",
      },
    },
    fill: (root, tools) => {
      root.busybox(tools.busybox.path);
      // what upstream's prepares is in a file system that manifests mount read-only
      root.text("docker-entrypoint.sh", '#!/bin/sh\nexec "$@"\n', 0o755);
      root.directory("var/log/nginx");
      const unpacked = path.join(path.dirname(tools.nginx.path), "usr/sbin/nginx");
      root.program(fs.existsSync(unpacked) ? unpacked : tools.nginx.path, "usr/sbin/nginx");
    },
  },
  {
    images: {
      [REGISTRY_IMAGE]: { Entrypoint: ["/entrypoint.sh"], Cmd: ["/etc/distribution/config.yml"], Env: [searchPath] },
    },
    fill: (root, tools) => {
      root.busybox(tools.busybox.path);
      root.program(tools.registry.path, "bin/registry");
      root.text("entrypoint.sh", registryEntrypoint, 0o755);
    },
  },
];

/** @see https://github.com/distribution/distribution-library-image/blob/master/docker-entrypoint.sh */
const registryEntrypoint = `#!/bin/sh
set -e
case "$1" in
  *.yaml | *.yml) set -- registry serve "$@" ;;
  serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac
exec "$@"
`;
