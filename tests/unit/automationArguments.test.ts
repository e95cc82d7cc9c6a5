import * as assert from "node:assert/strict";
import { helpText, readArguments, stackName, type Usage, valuesOf } from "../../automation/arguments";

const usage: Usage = { command: "up", about: "Brings a stack up.", options: [{ name: "show-secrets", about: "print secrets" }] };

describe("readArguments", () => {
  it("takes dev for the stack unless another is named", () => {
    assert.equal(stackName(readArguments([], usage)), "dev");
    assert.equal(stackName(readArguments(["--stack", "prod"], usage)), "prod");
    assert.equal(stackName(readArguments(["--stack=prod"], usage)), "prod");
  });

  it("takes a lone - for a value, which is what many tools call stdout", () => {
    assert.equal(readArguments(["--stack", "-"], usage).get("stack"), "-");
  });

  it("keeps every value of an option that may be given more than once, and the last of any other", () => {
    const options = [
      { name: "one", value: "X", about: "" },
      { name: "each", value: "X", many: true, about: "" },
    ];
    const given = readArguments(["--one", "a", "--each", "a", "--one=b", "--each=b"], { ...usage, options });
    assert.deepEqual([valuesOf(given, "one"), valuesOf(given, "each"), valuesOf(given, "none")], [["b"], ["a", "b"], []]);
  });

  it("knows a flag as given or not", () => {
    assert.equal(readArguments(["--show-secrets"], usage).has("show-secrets"), true);
    assert.equal(readArguments([], usage).has("show-secrets"), false);
  });

  it("takes words without dashes in the order of the operands, and no more of them", () => {
    const withOperands = { ...usage, operands: ["drain|resume", "NODE"] };
    const given = readArguments(["drain", "--show-secrets", "worker-a"], withOperands);
    assert.deepEqual([given.get("drain|resume"), given.get("NODE"), given.has("show-secrets")], ["drain", "worker-a", true]);
    assert.equal(readArguments(["drain"], withOperands).get("NODE"), undefined);
    assert.throws(() => readArguments(["drain", "a", "b"], withOperands), { name: "Failure", message: /unknown argument b/ });
    assert.match(helpText(withOperands), /npm run up -- drain\|resume NODE \[OPTION\.\.\.\]/);
  });

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [["--stakc", "prod"], /unknown argument --stakc\. Did you mean --stack\? Allowed: --stack, --show-secrets, --help\./],
    [["--zzz"], /unknown argument --zzz\. Allowed/],
    [["prod"], /unknown argument prod/],
    [["--stack"], /--stack: a value is missing\. Give it as --stack NAME\./],
    [["--stack", "--show-secrets"], /--stack: a value is missing/],
    [["--show-secrets=yes"], /--show-secrets: takes no value, but was given "yes"/],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${argv.join(" ")}`, () => {
      assert.throws(() => readArguments(argv, usage), { name: "Failure", message });
    });
  }
});

describe("helpText", () => {
  it("names every option with what it does", () => {
    const text = helpText(usage);
    for (const part of ["npm run up -- [OPTION...]", "--stack NAME", "--show-secrets", "--help"]) assert.ok(text.includes(part), text);
  });
});
