import { kubernetesType } from "../../config/kubernetesType";
import type { ChartOrigin, JudgedResource } from "../rule";
import { objectName, objectNamespace } from "../stackObjects";
import { parentType } from "../urn";
import { certManagerReview } from "./certManagerReview";
import { chartPowers } from "./chartPowers";
import { datashimReview } from "./datashimReview";
import { ingressNginxReview } from "./ingressNginxReview";

/** What a chart that the program installs was read to make: who may do what, what runs as whom, what intercepts requests. */
export interface ChartReview {
  /** Type token of the component that installs it. */
  readonly parent: string;
  readonly chart: string;
  /** SemVer range of the chart's versions that were read. */
  readonly versions: string;
  /**
   * By `KIND NAME`, or `KIND NAMESPACE/NAME` outside the Release's namespace, lines as {@link chartPowers} gives them; several verbs of one
   * object in a line. `{namespace}` stands for the Release's namespace, `{name}` for a name that the stack chooses.
   */
  readonly powers: Readonly<Record<string, readonly string[]>>;
}

export const chartReviews: readonly ChartReview[] = [certManagerReview, ingressNginxReview, datashimReview];

/** The review of the chart that a component installs. @param urn of the Release, or of an object out of its chart */
export function reviewOf(urn: string): ChartReview | undefined {
  return chartReviews.find(({ parent }) => parent === parentType(urn));
}

/** `KIND NAME` of an object, as a review names it. */
export function reviewedName(object: JudgedResource, { namespace }: ChartOrigin): string {
  const place = objectNamespace(object);
  const elsewhere = place === undefined || place === namespace ? "" : `${place}/`;
  return `${kubernetesType(object.type)?.kind ?? object.type} ${elsewhere}${objectName(object) ?? object.name}`;
}

/**
 * Powers that an object has and its chart's review has not.
 * @returns undefined where the object gives no power to anybody
 */
export function newPowers(object: JudgedResource, origin: ChartOrigin, { powers }: ChartReview): readonly string[] | undefined {
  const name = reviewedName(object, origin);
  const reviewed = powers[name]?.flatMap(singlePowers).map((line) => pattern(line, origin));
  const held = chartPowers(object);
  if (reviewed === undefined) return held && ["exist", ...held];
  return held?.filter((power) => !reviewed.some((each) => each.test(power)));
}

/** A line for each verb: `get list core/secrets` is two. */
export function singlePowers(line: string): readonly string[] {
  const [, verbs = "", object = ""] = /^((?:[a-z]+ )+)([\w.{}-]+\/.*)$/.exec(line) ?? [];
  return object === ""
    ? [line]
    : verbs
        .trim()
        .split(" ")
        .map((verb) => `${verb} ${object}`);
}

function pattern(line: string, { namespace }: ChartOrigin): RegExp {
  const literal = line.replaceAll("{namespace}", namespace).split("{name}");
  return new RegExp(`^${literal.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("[a-z0-9.-]+")}$`);
}
