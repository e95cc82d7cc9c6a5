import type { GoModule } from "./toolSpec";

const helmFolders = ["pkg/chartutil", "pkg/lint/rules"];
const kubernetesVersion = ["gitVersion=v1.36.3", "gitMajor=1", "gitMinor=36"];

/** The modules that tools are built from. What two tools of one module share is compiled once. */
export const goModules = {
  tools: {
    folder: "tools",
    tags: ["no_btrfs", "no_devmapper", "no_zfs"],
    variables: [
      ...kubernetesVersion.map((pair) => `k8s.io/component-base/version.${pair}`),
      "helm.sh/helm/v3/internal/version.version=v3.21.4",
      // the Kubernetes version that a template sees without a cluster
      ...helmFolders.flatMap((folder) => [`helm.sh/helm/v3/${folder}.k8sVersionMajor=1`, `helm.sh/helm/v3/${folder}.k8sVersionMinor=36`]),
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.276.0",
      "github.com/containerd/containerd/v2/version.Version=2.2.9",
      "github.com/google/go-containerregistry/cmd/crane/cmd.Version=0.22.1",
    ],
  },
  /** Pulumi's official provider, whose client-go is older than what the others build with. */
  pulumiKubernetes: {
    folder: "pulumi-kubernetes",
    gibibytes: 6,
    copies: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: {
        "pulumi-resource-kubernetes/schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
        "pulumi-resource-kubernetes/terraform-mapping.json": "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
      },
    },
    variables: ["github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=4.25.0"],
  },
} satisfies Readonly<Record<string, GoModule>>;
