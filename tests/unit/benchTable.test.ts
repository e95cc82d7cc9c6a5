import assert from "node:assert/strict";
import { processName } from "../../bench/memory";
import { median, Table } from "../../bench/table";

describe("Table", () => {
  it("shows the median and the spread of each row, times before ratios before memory", () => {
    const table = new Table();
    table.add("memory of x", "MB", 120.4);
    table.add("up, warm / kubectl apply", "times", 3);
    for (const seconds of [4, 1, 250]) table.add("up, warm", "s", seconds);
    const rows = table
      .text()
      .split("\n")
      .slice(4)
      .map((line) => line.split("|").map((cell) => cell.trim()));
    assert.deepEqual(rows, [
      ["", "up, warm", "4.0 s", "1.0 s", "250 s", "3", "≤ 30 s", ""],
      ["", "up, warm / kubectl apply", "3.0 x", "3.0 x", "3.0 x", "1", "", ""],
      ["", "memory of x", "120 MB", "120 MB", "120 MB", "1", "", ""],
    ]);
  });
});

describe("median", () => {
  it("takes the value in the middle, or the mean of the two there", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 6]), 5.5);
    assert.throws(() => median([]), /no values/);
  });
});

describe("processName", () => {
  it("names a script by its path in the copy, and a program by its name", () => {
    const node = ["/usr/bin/node", "--require", "/modules/ts-node/register/index.js"];
    assert.equal(processName([...node, "/copy/local/plugins/tls/main.ts", "127.0.0.1:1"], "/copy"), "node local/plugins/tls/main.ts");
    assert.equal(processName(["/usr/bin/node", "local/bootstrap.js", "automation/up.ts"], "/copy"), "node local/bootstrap.js");
    assert.equal(processName([...node, "/elsewhere/node_modules/mocha/bin/mocha.js"], "/copy"), "node node_modules/mocha/bin/mocha.js");
    assert.equal(processName(["/cache/etcd", "--name=node-0"], "/copy"), "etcd");
    assert.equal(processName(["/bin/sh", "/copy/run"], "/copy"), undefined);
  });
});
