import type { WriteStream } from "node:tty";

/** One thing that takes a while. Ends with exactly one of `done` and `fail`; calls after that are ignored. */
export interface Step {
  /** What is being waited for right now. */
  detail(text: string): void;
  done(text?: string): void;
  fail(text: string): void;
}

export interface Progress {
  start(label: string): Step;
  line(text: string): void;
}

type Stream = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "columns">>;

interface Running {
  readonly label: string;
  readonly since: number;
  detail: string;
}

const redrawMillis = 100;
const heartbeatMillis = 15_000;
const spinner = ["|", "/", "-", "\\"];

/** Seconds as `0.4 s`, `12 s` or `3 min 05 s`. */
export function duration(millis: number): string {
  const seconds = millis / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

function describe({ label, detail, since }: Running): string {
  const doing = detail === "" ? label : `${label}: ${detail}`;
  return `${doing} (${duration(Date.now() - since)})`;
}

/** What the two displays have in common: which steps run, and when they are told about. */
abstract class Display implements Progress {
  protected readonly running = new Set<Running>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tickMillis: number) {}

  abstract line(text: string): void;
  protected abstract started(step: Running): void;
  protected abstract tick(): void;
  protected abstract idle(): void;

  start(label: string): Step {
    const step: Running = { label, since: Date.now(), detail: "" };
    this.running.add(step);
    this.timer ??= setInterval(() => {
      this.tick();
    }, this.tickMillis).unref();
    this.started(step);
    return {
      detail: (text) => {
        step.detail = text;
      },
      done: (text) => {
        this.end(step, `${text ?? label} (${duration(Date.now() - step.since)})`);
      },
      fail: (text) => {
        this.end(step, `${label}: failed after ${duration(Date.now() - step.since)}: ${text}`);
      },
    };
  }

  private end(step: Running, text: string): void {
    if (!this.running.delete(step)) return;
    this.line(text);
    if (this.running.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.idle();
  }
}

/** One live line with what runs now and for how long; finished steps scroll away above it. */
class LiveDisplay extends Display {
  private frame = 0;

  constructor(private readonly stream: Stream) {
    super(redrawMillis);
  }

  line(text: string): void {
    this.stream.write(`\r\x1b[K${text}\n`);
    if (this.running.size > 0) this.tick();
  }

  protected started(): void {
    this.tick();
  }

  protected tick(): void {
    const now = [...this.running].map(describe).join(", ");
    const mark = spinner[this.frame++ % spinner.length] ?? "";
    this.stream.write(`\r\x1b[K${`${mark} ${now}`.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }

  protected idle(): void {
    this.stream.write("\r\x1b[K");
  }
}

/** Plain lines for logs: start, a heartbeat while it lasts, end. */
class PlainDisplay extends Display {
  constructor(private readonly stream: Stream) {
    super(heartbeatMillis);
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }

  protected started(step: Running): void {
    this.line(`${step.label} ...`);
  }

  protected tick(): void {
    for (const step of this.running) this.line(`... ${describe(step)}`);
  }

  protected idle(): void {
    // nothing is left on a plain stream that would have to be taken away
  }
}

/** Progress on `stream`: one live line on a terminal, plain lines with a heartbeat every 15 s elsewhere. */
export function openProgress(stream: Stream = process.stderr): Progress {
  return stream.isTTY === true ? new LiveDisplay(stream) : new PlainDisplay(stream);
}

/** Says nothing. */
export const silentProgress: Progress = {
  start: () => ({ detail: () => undefined, done: () => undefined, fail: () => undefined }),
  line: () => undefined,
};
