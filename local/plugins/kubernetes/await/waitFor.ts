import type { KubernetesObject } from "../kubernetesObject";
import { jsonPath, plainText } from "./jsonPath";
import { conditionOf, numberAt, textAt } from "./objectFields";
import { conditionTimedOut, type Readiness, type Verdict } from "./readiness";

type Judge = (object: KubernetesObject) => Verdict;

/**
 * The readiness that the annotation `pulumi.com/waitFor` asks for: all of its expressions, each
 * `condition=Type`, `condition=Type=Status`, `jsonpath={.path}` or `jsonpath={.path}=value`.
 * @throws Error for an expression of another form.
 */
export function waitForReadiness(expressions: readonly string[]): Readiness {
  const judges = expressions.map((expression) => readExpression(expression));
  return {
    timedOut: conditionTimedOut,
    refreshed: true,
    judge: (object) => {
      const verdicts = judges.map((judge) => judge(object));
      return verdicts.find((verdict) => !verdict.ready) ?? { ready: true };
    },
  };
}

function readExpression(expression: string): Judge {
  if (expression.startsWith("condition=")) return condition(expression.slice("condition=".length));
  if (expression.startsWith("jsonpath=")) return path(expression.slice("jsonpath=".length));
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${expression}"`);
}

function condition(text: string): Judge {
  const [type = "", ...rest] = text.split("=");
  const wanted = rest.length === 0 ? "True" : rest.join("=");
  return (object) => {
    const found = conditionOf(object, type);
    const stale = numberAt(found ?? {}, Infinity, "observedGeneration") < numberAt(object, 0, "metadata", "generation");
    const ready = found !== undefined && !stale && textAt(found, "status").toLowerCase() === wanted.toLowerCase();
    const message = found === undefined ? "" : textAt(found, "message");
    return { ready, status: message === "" ? `Waiting for condition "${type}" to be "${wanted}"` : message };
  };
}

function path(text: string): Judge {
  const [, expression = text, value] = /^(\{.*\})(?:=(.*))?$/s.exec(text) ?? /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  const find = jsonPath(expression);
  const wanted = value?.replace(/^(['"])(.*)\1$/s, "$2");
  return (object) => {
    const found = find(object);
    const ready = wanted === undefined ? found.length > 0 : found.length === 1 && found.some((item) => plainText(item) === wanted);
    const instead = found.length === 0 ? "" : ` (found ${JSON.stringify(found.length === 1 ? found[0] : found)})`;
    return { ready, status: `Waiting for ${text}${instead}` };
  };
}
