import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** What an image says about itself. @see https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly StopSignal?: string;
}

interface Blob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

const prefix = "application/vnd.oci.image";

/** An OCI archive of several images. @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export class ImageArchive {
  private readonly blobs: string;
  private readonly manifests: object[] = [];

  /** @param layout an empty folder, which becomes the archive's content */
  constructor(private readonly layout: string) {
    this.blobs = path.join(layout, "blobs", "sha256");
    fs.mkdirSync(this.blobs, { recursive: true });
  }

  /** Packs the files in `root` as an uncompressed layer, in which all are root's. */
  layer(root: string): Blob {
    const file = path.join(this.blobs, "layer");
    execFileSync("tar", ["--create", "--file", file, "--directory", root, "--owner=0", "--group=0", "--numeric-owner", "."]);
    const digest = execFileSync("sha256sum", [file], { encoding: "utf8" }).split(" ")[0] ?? "";
    fs.renameSync(file, path.join(this.blobs, digest));
    return { digest: `sha256:${digest}`, size: fs.statSync(path.join(this.blobs, digest)).size };
  }

  add(reference: string, config: ImageConfig, layer: Blob): void {
    const rootfs = { type: "layers", diff_ids: [layer.digest] };
    const described = this.put("config", { architecture, os: "linux", config, rootfs });
    const layers = [{ mediaType: `${prefix}.layer.v1.tar`, ...layer }];
    const manifest = this.put("manifest", { schemaVersion: 2, mediaType: `${prefix}.manifest.v1+json`, config: described, layers });
    this.manifests.push({ ...manifest, annotations: { "io.containerd.image.name": reference } });
  }

  /** Writes the archive, and removes the folder that it was made in. */
  write(file: string): void {
    fs.writeFileSync(path.join(this.layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: this.manifests }));
    fs.writeFileSync(path.join(this.layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    execFileSync("tar", ["--create", "--file", file, "--directory", this.layout, "."]);
    fs.rmSync(this.layout, { recursive: true });
  }

  private put(type: string, value: object): Blob & { readonly mediaType: string } {
    const text = JSON.stringify(value);
    const digest = createHash("sha256").update(text).digest("hex");
    fs.writeFileSync(path.join(this.blobs, digest), text);
    return { mediaType: `${prefix}.${type}.v1+json`, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
  }
}

/** As Go calls it. */
const architecture = process.arch === "x64" ? "amd64" : process.arch;
