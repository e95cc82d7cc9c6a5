import { type Check, failed, ok, warning } from "../checks/check";
import { ApiResources } from "../checks/apiResources";
import { allObjects, type DoctorContext } from "./doctorContext";

/** Tenants and agents make objects of these, whether the stack does or not. */
const always = ["apps/v1", "batch/v1"];

/** The API server serves every version of the API that the program writes, or the update brings it along. */
export const apisCheck: Check<DoctorContext> = {
  name: "apis",
  async run(context, signal) {
    const objects = await allObjects(context);
    const unread = (await context.charts()).filter(({ type }) => type !== "rendered").map(({ release }) => release.name);
    const resources = new ApiResources(await context.open(signal), objects);
    const versions = [...new Set([...always, ...objects.map(({ apiVersion }) => apiVersion)])].sort();
    return Promise.all(
      versions.map(async (apiVersion) => {
        if (await resources.serves(apiVersion)) return ok(apiVersion, "served");
        if (resources.brings(apiVersion)) return ok(apiVersion, "comes with the stack's own CRDs");
        const users = [...new Set(objects.filter((object) => object.apiVersion === apiVersion).map(({ kind }) => kind))].join(", ");
        const wayOut = "install what defines it (its CRDs), upgrade the cluster, or take out of the stack's file what needs it";
        const text = `not served, and needed for ${users === "" ? "what tenants run" : users}`;
        if (unread.length === 0 || always.includes(apiVersion)) return failed(apiVersion, text, wayOut);
        return warning(
          apiVersion,
          `${text}; it may come with what could not be read: ${unread.join(", ")}`,
          "look at the rows of charts first",
        );
      }),
    );
  },
};
