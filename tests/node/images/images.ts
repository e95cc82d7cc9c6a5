import * as fs from "node:fs";
import * as path from "node:path";
import { NGINX_IMAGE, PROBE_IMAGE } from "../../../config/sharedImages";
import { FILL_IMAGE } from "../../../config/ponosSchema";
import { REGISTRY_IMAGE } from "../../../config/workersRegistrySchema";
import type { TestTools } from "../../testTools";
import { pauseImage } from "../nodeSettings";
import { ImageArchive, type ImageConfig } from "./archive";
import { ImageRoot } from "./imageRoot";

/** Files, and the images that they are the content of, by the references that manifests name. */
export interface Content {
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly fill: (root: ImageRoot, tools: TestTools) => void;
}

const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const certManagerParts = ["controller", "webhook", "cainjector", "startupapicheck"];

/** What every cluster of nodes has. */
export const clusterImages: readonly Content[] = [
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

/** Writes an archive of images. @param folder a place for it, with room for twice as much */
export function writeImages(folder: string, tools: TestTools, contents: readonly Content[]): string {
  const archive = new ImageArchive(path.join(folder, "layout"));
  for (const [number, { fill, images }] of contents.entries()) {
    const root = path.join(folder, String(number));
    fs.mkdirSync(root, { recursive: true });
    fill(new ImageRoot(root), tools);
    const layer = archive.layer(root);
    for (const [reference, config] of Object.entries(images)) archive.add(reference, config, layer);
    fs.rmSync(root, { recursive: true });
  }
  const file = path.join(folder, "images.tar");
  archive.write(file);
  return file;
}
