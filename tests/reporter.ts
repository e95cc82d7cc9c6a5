import * as fs from "node:fs";
import Mocha from "mocha";

/** What a run of mocha came to, for the process that started it. */
export interface MochaReport {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
  /** Files in which at least one test ran. */
  readonly files: readonly string[];
}

/** The failures at the end on stdout, and a {@link MochaReport} in the file that the reporter option `output` names. */
class FailuresWithReport extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { output: string };
    const files = new Set<string>();
    runner.on(Mocha.Runner.constants.EVENT_TEST_BEGIN, ({ file }) => void files.add(file ?? ""));
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      this.epilogue();
      const { passes, failures, pending } = this.stats;
      const report: MochaReport = { passes, failures, pending, files: [...files] };
      fs.writeFileSync(output, JSON.stringify(report));
    });
  }
}

module.exports = FailuresWithReport;
