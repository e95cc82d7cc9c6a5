import { own } from "../frameworks";
import { isKind } from "../../config/kubernetesType";
import type { ResourceRule } from "../rule";

const exact = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

export const requireChartVersion: ResourceRule = {
  name: "require-chart-version",
  title: "A chart that comes from elsewhere has one version.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("supply chain")],
  remediation: ["Write the chart's exact version, or a path of the repository."],
  judge: ({ type, props }) => {
    if (!isKind(type, "helm.sh", "Release", "Chart")) return undefined;
    const [chart, version] = [props.at("chart").text() ?? "", props.at("version")];
    const local = /^[./~]|\.tgz$/.test(chart) && !/^[a-z]+:\/\//.test(chart);
    if (local || version.isUnknown() || exact.test(version.text() ?? "")) return [];
    return [{ message: `the chart ${chart} has ${version.text() ?? "no version"}; version must be one, like 1.2.3` }];
  },
};
