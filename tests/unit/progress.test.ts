import * as assert from "node:assert/strict";
import { Writable } from "node:stream";
import { duration, openProgress } from "../../local/progress";

class Recording extends Writable {
  text = "";
  readonly columns = 40;

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** What a terminal shows in the end: a carriage return followed by "erase to end of line" drops the live line. */
function screen(text: string): string[] {
  return text.split("\n").map((line) => line.split("\r\x1b[K").at(-1) ?? "");
}

describe("openProgress", () => {
  it("prints start and end of a step as plain lines where there is no terminal", () => {
    const stream = new Recording(false);
    const step = openProgress(stream).start("building etcd");
    step.detail("go build");
    step.done("etcd built");
    assert.match(stream.text, /^building etcd \.\.\.\netcd built \(\d+\.\d s\)\n$/);
  });

  it("writes no escape sequence where there is no terminal", () => {
    const stream = new Recording(false);
    openProgress(stream).start("waiting").fail("no answer");
    assert.ok(!stream.text.includes("\x1b"));
    assert.match(stream.text, /waiting: failed after 0\.\d s: no answer\n$/);
  });

  it("leaves only finished steps on a terminal", () => {
    const stream = new Recording(true);
    const progress = openProgress(stream);
    const slow = progress.start("control plane");
    progress.start("etcd").done();
    assert.ok(screen(stream.text).at(-1)?.includes("control plane"), "the unfinished step is the live line");
    slow.done();
    const lines = screen(stream.text);
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? "", /^etcd \(/);
    assert.match(lines[1] ?? "", /^control plane \(/);
    assert.equal(lines[2], "");
  });

  it("never lets the live line reach the terminal's last column", () => {
    const stream = new Recording(true);
    openProgress(stream).start("x".repeat(200)).done("short");
    for (const part of stream.text.split(/\r\x1b\[K|\n/)) assert.ok(part.length < 40, part);
  });

  it("reports a step once, whatever is called afterwards", () => {
    const stream = new Recording(false);
    const step = openProgress(stream).start("a");
    step.fail("broken");
    step.done();
    assert.equal(stream.text.split("\n").length, 3);
  });
});

describe("duration", () => {
  it("counts in seconds below a minute and in minutes above", () => {
    assert.deepEqual([400, 9_949, 9_960, 59_400, 59_600, 185_000].map(duration), [
      "0.4 s",
      "9.9 s",
      "10 s",
      "59 s",
      "1 min 00 s",
      "3 min 05 s",
    ]);
  });
});
