import { goModules } from "./goModules";
import { unpackPostgresql } from "./postgresqlPackage";
import type { ToolName } from "./tool";
import type { Checksum, Release, ToolSpec } from "./toolSpec";

const pulumiRelease = "https://github.com/pulumi/pulumi/releases/download/v3.276.0";
const etcdRelease = "https://github.com/etcd-io/etcd/releases/download/v3.6.16";
const kwokRelease = "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0";
const helmRelease = "https://get.helm.sh/helm-v3.21.4-linux";
const kubernetesRange = { least: "1.36.0", below: "1.37.0" };
const kwokRange = { least: "0.8.0", below: "0.9.0" };

/** Every tool, and which tool comes from where. */
export const toolTable: readonly ToolSpec<ToolName>[] = [
  {
    name: "pulumi",
    version: "3.276.0",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version"], fits: { least: "3.276.0", below: "3.277.0" } },
    // all of the archive: the language hosts beside the engine belong to it
    releases: { "linux-amd64": pulumiArchive("x64"), "linux-arm64": pulumiArchive("arm64") },
    go: { module: goModules.tools, package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  },
  {
    name: "etcd",
    version: "3.6.16",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "3.6.0", below: "3.7.0" } },
    releases: { "linux-amd64": etcdArchive("amd64"), "linux-arm64": etcdArchive("arm64") },
    go: { module: goModules.tools, package: "go.etcd.io/etcd/server/v3" },
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
    go: { module: goModules.tools, package: "sigs.k8s.io/kwok/cmd/kwok" },
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
    go: { module: goModules.tools, package: "sigs.k8s.io/kwok/cmd/kwokctl" },
  },
  {
    name: "helm",
    version: "3.21.4",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version", "--short"], fits: { least: "3.19.0", below: "4.0.0" } },
    releases: { "linux-amd64": helmArchive("amd64"), "linux-arm64": helmArchive("arm64") },
    go: { module: goModules.tools, package: "helm.sh/helm/v3/cmd/helm" },
  },
  {
    name: "cert-manager",
    version: "1.21.2",
    licence: "Apache-2.0",
    go: { module: goModules.tools, package: "./cert-manager" },
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
    version: "3.1.2",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["--version"], fits: { least: "3.0.0", below: "4.0.0" } },
    go: { module: goModules.tools, package: "github.com/distribution/distribution/v3/cmd/registry" },
  },
  {
    name: "crane",
    version: "0.22.1",
    licence: "Apache-2.0",
    onPath: { versionArguments: ["version"], fits: { least: "0.20.0" } },
    go: { module: goModules.tools, package: "github.com/google/go-containerregistry/cmd/crane" },
  },
  {
    name: "pulumi-resource-kubernetes",
    version: "4.25.0",
    licence: "Apache-2.0",
    go: { module: goModules.pulumiKubernetes, package: "./pulumi-resource-kubernetes" },
  },
];

/** What is built for a proof alone, because it takes as long as all others. */
export const officialProvider: ToolName = "pulumi-resource-kubernetes";

/** The tools that the tests start. */
export const testedTools: readonly ToolName[] = toolTable.map(({ name }) => name).filter((name) => name !== officialProvider);

type Architecture = "amd64" | "arm64";

function kubernetesTool(
  name: "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kubectl",
  versionArguments: readonly string[],
  pinned?: Readonly<Record<Architecture, string>>,
): ToolSpec<ToolName> {
  const release = (architecture: Architecture): Release => {
    const url = `https://dl.k8s.io/release/v1.36.3/bin/linux/${architecture}/${name}`;
    return program(url, pinned?.[architecture] ?? { publishedAt: `${url}.sha256` });
  };
  return {
    name,
    version: "1.36.3",
    licence: "Apache-2.0",
    onPath: { versionArguments, fits: kubernetesRange },
    releases: { "linux-amd64": release("amd64"), "linux-arm64": release("arm64") },
    go: { module: goModules.tools, package: `k8s.io/kubernetes/cmd/${name}` },
  };
}

function pulumiArchive(architecture: "x64" | "arm64"): Release {
  const checksum = { publishedAt: `${pulumiRelease}/pulumi-3.276.0-checksums.txt` };
  return archive(`${pulumiRelease}/pulumi-v3.276.0-linux-${architecture}.tar.gz`, checksum, "pulumi");
}

function etcdArchive(architecture: Architecture): Release {
  const name = `etcd-v3.6.16-linux-${architecture}`;
  return archive(`${etcdRelease}/${name}.tar.gz`, { publishedAt: `${etcdRelease}/SHA256SUMS` }, `${name}/etcd`);
}

function helmArchive(architecture: Architecture): Release {
  const url = `${helmRelease}-${architecture}.tar.gz`;
  return archive(url, { publishedAt: `${url}.sha256sum` }, `linux-${architecture}/helm`);
}

function archive(url: string, checksum: Checksum, ...members: readonly string[]): Release {
  return { ...program(url, checksum), members };
}

function program(url: string, checksum: string | Checksum): Release {
  return { url, checksum: typeof checksum === "string" ? { pinned: checksum } : checksum };
}
