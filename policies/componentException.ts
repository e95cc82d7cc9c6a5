/** Every value of a scope passes, because the stack's configuration chooses it: the port of an exposure. */
export const stackChoice = "chosen by the stack";

/** What a component of the program, or the chart that it installs, has to have although a rule forbids it. It holds in every stack, for good. */
export interface ComponentException {
  /** Type token of the component that makes the object, or whose Release's chart does. */
  readonly parent: string;
  /** The rule's name. */
  readonly rule: string;
  /** `TYPE LOGICAL-NAME`, exactly; of an object out of a chart `TYPE metadata.name`. */
  readonly resource: string;
  /** The one container. @default all of the resource */
  readonly container?: string;
  /** The values that pass, by the rule's scopes; every other still breaks it. @default none: the rule has no values */
  readonly allow?: Readonly<Record<string, readonly (string | number)[] | typeof stackChoice>>;
  /** Why it must be. */
  readonly reason: string;
  /** The chart, with the versions that it was read from. @default none: the component makes the object itself */
  readonly chart?: string;
}
