import type { GoModule } from "./toolSpec";

const kubernetesVersion = ["gitVersion=v1.36.3", "gitMajor=1", "gitMinor=36"];
const helmFolders = ["pkg/chartutil", "pkg/lint/rules"];

/** The modules that tools are built from. Each has a go.mod of its own, because their requirements cannot be met together. */
export const goModules = {
  pulumi: { folder: "pulumi", variables: ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.255.0"] },
  etcd: { folder: "etcd" },
  kubernetes: { folder: "kubernetes", variables: kubernetesVersion.map((pair) => `k8s.io/component-base/version.${pair}`) },
  kwok: { folder: "kwok" },
  helm: {
    folder: "helm",
    variables: [
      "helm.sh/helm/v3/internal/version.version=v3.19.4",
      // the Kubernetes version that a template sees without a cluster, 1.34: that of the client-go that this Helm is built with
      ...helmFolders.flatMap((folder) => [`helm.sh/helm/v3/${folder}.k8sVersionMajor=1`, `helm.sh/helm/v3/${folder}.k8sVersionMinor=34`]),
    ],
  },
  certManager: { folder: "cert-manager", ownSource: true },
  distribution: { folder: "distribution" },
  crane: { folder: "go-containerregistry", variables: ["github.com/google/go-containerregistry/cmd/crane/cmd.Version=0.20.7"] },
} satisfies Readonly<Record<string, GoModule>>;
