import type { PreviewReport } from "../../automation/comment/previewReport";
import { hugeReport, reportOf, reportStep, smallReport } from "./commentFixture";

/** A preview that ended before it had found everything. */
export const failedReport = (): PreviewReport =>
  reportOf({
    verdict: "failed",
    error:
      "previewing prod failed:\n  kubernetes:core/v1:Service edge: port 70000 is out of range\nNothing was changed. Correct the cause and run the same command again.",
    steps: [reportStep()],
    warnings: ["the provider is old"],
  });

/** The first preview of a stack. */
export const firstReport = (): PreviewReport =>
  reportOf({
    verdict: "changes",
    firstTime: true,
    unchanged: 0,
    steps: ["cert-manager", "trust"].map((name) =>
      reportStep({
        op: "create",
        type: "kubernetes:core/v1:Namespace",
        name,
        changedKeys: [],
        diff: [{ path: "metadata.name", after: name }],
      }),
    ),
  });

/** The reports whose comments are written down in `golden/comment`, by the names of their files. */
export const goldenReports: Readonly<Record<string, () => PreviewReport>> = {
  small: smallReport,
  huge: hugeReport,
  failed: failedReport,
  unchanged: () => reportOf(),
  first: firstReport,
};
