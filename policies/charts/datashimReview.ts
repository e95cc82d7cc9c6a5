import type { ChartReview } from "./chartReview";

/**
 * Datashim's drivers, without its operator, which a component makes. Read from the templates of csi-s3, csi-driver-nfs and csi-sidecars-rbac.
 * @see https://github.com/datashim-io/datashim/tree/master/chart
 */
export const datashimReview: ChartReview = {
  parent: "trustplane:plexus:Datashim",
  chart: "datashim-charts",
  versions: ">=0.4.0 <0.5.0",
  powers: {
    "ClusterRole external-attacher-runner": [
      "get list watch update patch core/persistentvolumes",
      "get list watch storage.k8s.io/csinodes",
      "get list watch update patch create storage.k8s.io/volumeattachments",
      "patch storage.k8s.io/volumeattachments/status",
    ],
    "ClusterRoleBinding csi-attacher-role": [
      "bind ClusterRole external-attacher-runner",
      "subject ServiceAccount {namespace}/csi-attacher",
    ],
    "Role external-attacher-cfg": ["get watch list delete update create coordination.k8s.io/leases"],
    "RoleBinding csi-attacher-role-cfg": ["bind Role external-attacher-cfg", "subject ServiceAccount {namespace}/csi-attacher"],
    "ClusterRole external-provisioner-runner": [
      "get list core/secrets",
      "get list watch create delete core/persistentvolumes",
      "get list watch update core/persistentvolumeclaims",
      "get list watch storage.k8s.io/storageclasses",
      "list watch create update patch core/events",
      "get list snapshot.storage.k8s.io/volumesnapshots",
      "get list snapshot.storage.k8s.io/volumesnapshotcontents",
      "get list watch storage.k8s.io/csinodes",
      "get list watch core/nodes",
      "get list watch create storage.k8s.io/volumeattachments",
    ],
    "ClusterRoleBinding csi-provisioner-role": [
      "bind ClusterRole external-provisioner-runner",
      "subject ServiceAccount {namespace}/csi-provisioner",
    ],
    "Role external-provisioner-cfg": [
      "get watch list delete update create core/endpoints",
      "get watch list delete update create coordination.k8s.io/leases",
      "get list watch create update patch delete storage.k8s.io/csistoragecapacities",
      "get core/pods",
      "get apps/replicasets",
    ],
    "RoleBinding csi-provisioner-role-cfg": ["bind Role external-provisioner-cfg", "subject ServiceAccount {namespace}/csi-provisioner"],
    "ClusterRole csi-s3": [
      "get list core/secrets",
      "get list core/namespaces",
      "get list update core/nodes",
      "get list watch update core/persistentvolumes",
      "get list watch update create storage.k8s.io/volumeattachments",
    ],
    "ClusterRoleBinding csi-s3": ["bind ClusterRole csi-s3", "subject ServiceAccount {namespace}/csi-s3"],
    "ClusterRole csi-nodeplugin": [
      "get list watch update core/persistentvolumes",
      "get list watch update core/nodes",
      "get list watch update storage.k8s.io/volumeattachments",
    ],
    "ClusterRoleBinding csi-nodeplugin": ["bind ClusterRole csi-nodeplugin", "subject ServiceAccount {namespace}/csi-nodeplugin"],
    "ClusterRole external-attacher-runner-nfs": [
      "get list watch update core/persistentvolumes",
      "get list watch core/nodes",
      "get list watch update patch storage.k8s.io/volumeattachments",
    ],
    "ClusterRoleBinding csi-attacher-role-nfs": [
      "bind ClusterRole external-attacher-runner-nfs",
      "subject ServiceAccount {namespace}/csi-attacher-nfs",
    ],
    "DaemonSet csi-s3": ["run as csi-s3", "run container driver-registrar", "run container csi-s3"],
    "DaemonSet csi-nodeplugin-nfsplugin": ["run as csi-nodeplugin", "run container node-driver-registrar", "run container nfs"],
    "StatefulSet csi-attacher-s3": ["run as csi-attacher", "run container csi-attacher"],
    "StatefulSet csi-provisioner-s3": ["run as csi-provisioner", "run container csi-provisioner"],
    "StatefulSet csi-attacher-nfsplugin": ["run as csi-attacher-nfs", "run container csi-attacher", "run container nfs"],
  },
};
