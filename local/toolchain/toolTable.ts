import { goModules } from "./goModules";
import { unpackPostgresql } from "./postgresqlPackage";
import type { Checksum, Release, ToolSpec } from "./toolSpec";

const pulumiRelease = "https://get.pulumi.com/releases/sdk/pulumi-v3.255.0-linux";
const etcdRelease = "https://github.com/etcd-io/etcd/releases/download/v3.6.6";
const kwokRelease = "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0";
const helmRelease = "https://get.helm.sh/helm-v3.19.4-linux";
const kubernetesRange = { least: "1.36.0", below: "1.37.0" };
const kwokRange = { least: "0.8.0", below: "0.9.0" };

/** Every tool, and which tool comes from where. */
export const toolTable: readonly ToolSpec[] = [
  {
    name: "pulumi",
    version: "3.255.0",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version"], fits: { least: "3.255.0", below: "3.256.0" } },
    releases: {
      // all of the archive: the language hosts beside the engine belong to it
      "linux-amd64": archive(`${pulumiRelease}-x64.tar.gz`, "cf559568e2c32f7fae56ea3de8ae5fa48973ba8c5aa9dd2b3dc0c8898fe50dba", "pulumi"),
      "linux-arm64": archive(`${pulumiRelease}-arm64.tar.gz`, "699fbc6ea848d997e9b3645487f108d27b1b55ec807c7576406131e6e080f0e3", "pulumi"),
    },
    go: { module: goModules.pulumi, package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  },
  {
    name: "etcd",
    version: "3.6.6",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "3.6.0", below: "3.7.0" } },
    releases: {
      "linux-amd64": archive(
        `${etcdRelease}/etcd-v3.6.6-linux-amd64.tar.gz`,
        "887afaa4a99f22d802ccdfbe65730a5e79aa5c9ce2c8799c67e9d804c50ecedb",
        "etcd-v3.6.6-linux-amd64/etcd",
      ),
      "linux-arm64": archive(
        `${etcdRelease}/etcd-v3.6.6-linux-arm64.tar.gz`,
        { publishedAt: `${etcdRelease}/SHA256SUMS` },
        "etcd-v3.6.6-linux-arm64/etcd",
      ),
    },
    go: { module: goModules.etcd, package: "go.etcd.io/etcd/server/v3" },
  },
  kubernetesTool("kube-apiserver", ["--version"]),
  kubernetesTool("kube-controller-manager", ["--version"]),
  kubernetesTool("kube-scheduler", ["--version"]),
  kubernetesTool("kubectl", ["version", "--client"], {
    amd64: "ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336",
    arm64: "3d86f24401c41ae5a46ac50eef8865fe891d3647d324a0836f6c63757a126e62",
  }),
  {
    name: "kwok",
    version: "0.8.0",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: kwokRange },
    releases: {
      "linux-amd64": program(`${kwokRelease}/kwok-linux-amd64`, "f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46"),
      "linux-arm64": program(`${kwokRelease}/kwok-linux-arm64`, "628f7d277860f524a2a775c217adcc58828e7b59ab0933680315784f1b8b0e37"),
    },
    go: { module: goModules.kwok, package: "sigs.k8s.io/kwok/cmd/kwok" },
  },
  {
    name: "kwokctl",
    version: "0.8.0",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: kwokRange },
    releases: {
      "linux-amd64": program(`${kwokRelease}/kwokctl-linux-amd64`, "d5743166c657283d6e827c7c4c20cacfd9009fd94830f06718ca7b2c7099461f"),
      "linux-arm64": program(`${kwokRelease}/kwokctl-linux-arm64`, "5a642b27d3e975f36040d215640cd90fb4a63cb6fca0ad5865a61bcd9c81051b"),
    },
    go: { module: goModules.kwok, package: "sigs.k8s.io/kwok/cmd/kwokctl" },
  },
  {
    name: "helm",
    version: "3.19.4",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version", "--short"], fits: { least: "3.19.0", below: "4.0.0" } },
    releases: {
      "linux-amd64": archive(
        `${helmRelease}-amd64.tar.gz`,
        "759c656fbd9c11e6a47784ecbeac6ad1eb16a9e76d202e51163ab78504848862",
        "linux-amd64/helm",
      ),
      "linux-arm64": archive(
        `${helmRelease}-arm64.tar.gz`,
        "9e1064f5de43745bdedbff2722a1674d0397bc4b4d8d8196d52a2b730909fe62",
        "linux-arm64/helm",
      ),
    },
    go: { module: goModules.helm, package: "helm.sh/helm/v3/cmd/helm" },
  },
  {
    name: "cert-manager-controllers",
    version: "1.21.2",
    licence: "Apache-2.0",
    go: { module: goModules.certManager, package: "." },
  },
  {
    name: "nginx",
    version: "1.22",
    licence: "BSD-2-Clause",
    onPath: { versionArguments: ["-v"], fits: { least: "1.22.0" } },
    debianPackage: "nginx",
  },
  {
    // not the one on PATH, which lacks PostGIS
    name: "postgresql",
    version: "15",
    licence: "PostgreSQL, and GPL-2.0 of PostGIS",
    debianPackage: "postgresql-postgis",
    unpack: unpackPostgresql,
  },
  {
    name: "registry",
    version: "3.1.1",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "3.0.0", below: "4.0.0" } },
    go: { module: goModules.distribution, package: "github.com/distribution/distribution/v3/cmd/registry" },
  },
  {
    name: "crane",
    version: "0.20.7",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version"], fits: { least: "0.20.0" } },
    go: { module: goModules.crane, package: "github.com/google/go-containerregistry/cmd/crane" },
  },
];

function kubernetesTool(
  name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubectl",
  versionArguments: readonly string[],
  pinned?: Readonly<Record<"amd64" | "arm64", string>>,
): ToolSpec {
  const release = (architecture: "amd64" | "arm64"): Release => {
    const url = `https://dl.k8s.io/release/v1.36.3/bin/linux/${architecture}/${name}`;
    return program(url, pinned?.[architecture] ?? { publishedAt: `${url}.sha256` });
  };
  return {
    name,
    version: "1.36.3",
    licence: "Apache-2.0",
    onPath: { versionArguments, fits: kubernetesRange },
    releases: { "linux-amd64": release("amd64"), "linux-arm64": release("arm64") },
    go: { module: goModules.kubernetes, package: `k8s.io/kubernetes/cmd/${name}` },
  };
}

function archive(url: string, checksum: string | Checksum, ...members: readonly string[]): Release {
  return { ...program(url, checksum), members };
}

function program(url: string, checksum: string | Checksum): Release {
  return { url, checksum: typeof checksum === "string" ? { pinned: checksum } : checksum };
}
