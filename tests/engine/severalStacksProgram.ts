import * as pulumi from "@pulumi/pulumi";

/** Names the stack whose program fails. */
export const breaksVariable = "SEVERAL_STACKS_BREAKS";

const platforms: Readonly<Record<string, string>> = { geocube: "platform", farm: "broken" };

/** One resource, made of what the platform's stack has put out where there is one. */
export function program(): Promise<Record<string, unknown>> {
  const stack = pulumi.getStack();
  if (process.env[breaksVariable] === stack) throw new pulumi.RunError("no storage here");
  const below = platforms[stack];
  const platform = below === undefined ? undefined : new pulumi.StackReference(below).requireOutput("platform");
  new pulumi.ComponentResource("several:index:Part", "part");
  if (stack === "platform") new pulumi.ComponentResource("several:index:Part", "root", {}, { protect: true });
  return Promise.resolve({
    platform: platform === undefined ? `of ${stack}` : pulumi.interpolate`of ${stack} on ${platform}`,
    password: pulumi.secret("s3cr3t"),
  });
}
