import { newPowers, reviewOf } from "../charts/chartReview";
import { cis, own } from "../frameworks";
import type { ResourceRule } from "../rule";

export const limitChartPowers: ResourceRule = {
  name: "limit-chart-powers",
  title:
    "A chart that the platform installs has the roles, bindings, containers, webhooks, tokens and hooks that were reviewed, and no more.",
  severity: "critical",
  level: "mandatory",
  frameworks: [cis("5.1.5"), own("supply chain")],
  remediation: [
    "Read what the chart makes with your values: npm run preview names each power that is new.",
    "Take a version that was reviewed, or take back the value that asks for the power.",
    "Where the power is meant, write an exception for the object.",
  ],
  scopes: ["powers"],
  judge: (object) => {
    const { chart, urn } = object;
    const review = chart && reviewOf(urn);
    const powers = review && newPowers(object, chart, review);
    return powers?.map((power) => ({
      message: `may ${power}, which ${review?.chart ?? ""} ${review?.versions ?? ""} does not ask for`,
      value: { powers: [power] },
    }));
  },
};
