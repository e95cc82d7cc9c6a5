import { isKind } from "../../config/kubernetesType";
import { cis, nsa, own, podSecurity } from "../frameworks";
import { podRule, podTemplate } from "../podTemplates";
import type { Reading } from "../reading";
import type { Finding, ResourceRule } from "../rule";

function hostPaths(volumes: Reading): readonly Finding[] {
  return volumes.items().flatMap((volume) => {
    if (!volume.at("hostPath").isPresent()) return [];
    const folder = volume.at("hostPath", "path").text() ?? "a path that is not known yet";
    const message = `volume ${volume.at("name").text() ?? "of no name"} is ${folder} of the node; hostPath must be absent`;
    return [{ message, value: { paths: [folder] } }];
  });
}

export const disallowHostPaths: ResourceRule = {
  name: "disallow-host-paths",
  title: "No pod and no PersistentVolume mounts a folder of its node.",
  severity: "critical",
  level: "mandatory",
  frameworks: [podSecurity("baseline", "hostPathVolumes"), cis("5.2.12"), nsa("C-0048")],
  remediation: ["Use a PersistentVolumeClaim of a storage class, an emptyDir or a projected volume."],
  scopes: ["paths"],
  judge: (resource) => {
    if (isKind(resource.type, "", "PersistentVolume")) return persistentHostPath(resource.props.at("spec", "hostPath"));
    const pod = podTemplate(resource);
    return pod && hostPaths(pod.spec.at("volumes"));
  },
};

function persistentHostPath(hostPath: Reading): readonly Finding[] {
  if (!hostPath.isPresent()) return [];
  const folder = hostPath.at("path").text() ?? "a path that is not known yet";
  return [{ message: `the volume is ${folder} of a node; hostPath must be absent`, value: { paths: [folder] } }];
}

const volumeTypes = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

export const limitVolumeTypes = podRule(
  {
    name: "limit-volume-types",
    title: "Pods mount only volumes that give nothing of the node away.",
    severity: "high",
    level: "mandatory",
    frameworks: [podSecurity("restricted", "restrictedVolumes")],
    remediation: [`Use one of ${volumeTypes.join(", ")}.`],
    scopes: ["volumeTypes"],
  },
  ({ spec }) =>
    spec
      .at("volumes")
      .items()
      .flatMap((volume) => {
        const name = volume.at("name").text() ?? "of no name";
        const types = volume.keys().filter((key) => key !== "name" && volume.at(key).isPresent() && !volumeTypes.includes(key));
        const allowed = volumeTypes.join(", ");
        return types.map((type) => ({
          message: `volume ${name} is of type ${type}; allowed are ${allowed}`,
          value: { volumeTypes: [type] },
        }));
      }),
);

const sockets = /(^|\/)(docker|containerd|crio|cri-dockerd|podman)\.sock$|^\/(var\/)?run\/(containerd|crio|docker)\/?$/;

export const disallowRuntimeSockets = podRule(
  {
    name: "disallow-runtime-sockets",
    title: "No pod reaches the node's container runtime.",
    severity: "critical",
    level: "mandatory",
    frameworks: [own("pods"), nsa("C-0074")],
    remediation: ["Remove the volume: who talks to the runtime is root on the node.", "Build images with a tool that needs no daemon."],
    scopes: ["paths"],
  },
  ({ spec }) =>
    spec
      .at("volumes")
      .items()
      .flatMap((volume) => {
        const folder = volume.at("hostPath", "path").text() ?? "";
        return sockets.test(folder)
          ? [{ message: `mounts the container runtime's ${folder}; no pod may`, value: { paths: [folder] } }]
          : [];
      }),
);

export const podVolumeRules = [disallowHostPaths, limitVolumeTypes, disallowRuntimeSockets];
