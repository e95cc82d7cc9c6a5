import { type Check, failed, ok, warning } from "../checks/check";
import type { DoctorContext } from "./doctorContext";

/** Every chart can be had, and takes the stack's values. */
export const chartsCheck: Check<DoctorContext> = {
  name: "charts",
  async run({ charts }) {
    return (await charts()).map((chart) => {
      const { name, chart: source, repository, version } = chart.release;
      const subject = `chart of ${name}`;
      const from = [source, ...(version === undefined ? [] : [version]), ...(repository === undefined ? [] : [`from ${repository}`])].join(
        " ",
      );
      if (chart.type === "rendered") return ok(subject, `${from}: ${chart.objects.length} objects with the stack's values`);
      if (chart.type === "noHelm")
        return warning(subject, `${from}: not looked for, because helm is not here yet`, "npm run tools gets it");
      const wayOut =
        "open the way to the repository, or name a mirror, a directory or an archive as chart: in the stack's file; if the chart refuses the values, correct them";
      return failed(subject, `${from}: ${chart.reason}`, wayOut);
    });
  },
};
