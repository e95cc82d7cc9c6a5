import { satisfies, valid } from "semver";
import { isKind } from "../../config/kubernetesType";
import { reviewOf } from "../charts/chartReview";
import { own } from "../frameworks";
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

export const requireReviewedChart: ResourceRule = {
  name: "require-reviewed-chart",
  title: "A chart that the platform installs has a version whose powers were reviewed.",
  severity: "low",
  level: "advisory",
  frameworks: [own("supply chain")],
  remediation: [
    "Take a version that was reviewed.",
    "Where a newer one is needed: limit-chart-powers stops every power of it that is new.",
  ],
  judge: ({ type, urn, props }) => {
    const review = isKind(type, "helm.sh", "Release") ? reviewOf(urn) : undefined;
    if (review === undefined) return undefined;
    const version = props.at("version").text() ?? "";
    if (valid(version) === null || satisfies(version, review.versions, { includePrerelease: true })) return [];
    return [{ message: `${review.chart} ${version} was not reviewed; ${review.versions} was` }];
  },
};

/** A property that a Release has in no program: why its chart, whose contents it hides from the engine, could not be rendered. */
export const unrenderedKey = "notRendered";

export const requireRenderedChart: ResourceRule = {
  name: "require-rendered-chart",
  title: "What a new or changed Release makes can be rendered before the update, so that it is judged.",
  severity: "high",
  level: "mandatory",
  frameworks: [own("supply chain")],
  remediation: [
    "Run the command again where the chart's repository did not answer.",
    "Give the chart as a directory or an archive (chart: ./charts/NAME.tgz), or from a mirror that this machine reaches.",
    "npm run tools brings helm where it is missing.",
  ],
  judge: ({ type, props }) => {
    if (!isKind(type, "helm.sh", "Release")) return undefined;
    const reason = props.at(unrenderedKey).text();
    return reason === undefined ? [] : [{ message: `what the chart makes was not judged, because it cannot be rendered: ${reason}` }];
  },
};

export const chartRules = [requireChartVersion, requireReviewedChart, requireRenderedChart];
