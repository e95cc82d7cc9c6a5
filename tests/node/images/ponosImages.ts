import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import type { ImageContent } from "./writeImages";

const repository = "registry.trustplane.test/arkindex";

/** References of the images: of the agent as the stack `dev` names it, and of what it has to do with. */
export const ponosReferences = {
  agent: `${repository}/ponos-agent:0.0.0`,
  arkindex: `${repository}/arkindex:0.0.0`,
  /** Run by root, as an image is that says nothing. */
  task: `${repository}/worker:0.0.0`,
  /** Run by a user. */
  userTask: `${repository}/worker-of-a-user:0.0.0`,
} as const;

const folder = "opt/ponos";

/** This Node with the programs of the folder `ponos`. */
export const ponosImages: ImageContent = {
  images: {
    [ponosReferences.agent]: { Entrypoint: ["/bin/node", `/${folder}/agent.js`] },
    [ponosReferences.arkindex]: { Entrypoint: ["/bin/node", `/${folder}/arkindex.js`] },
    [ponosReferences.task]: { Env: ["PATH=/bin"] },
    [ponosReferences.userTask]: { Env: ["PATH=/bin"], User: "1000:1000" },
  },
  fill: (root) => {
    root.program(process.execPath, "bin/node");
    root.programs(path.join(__dirname, "ponos"), folder);
    root.copied(path.join(projectRoot, "node_modules", "yaml"), `${folder}/node_modules/yaml`);
  },
};

/** What a task runs. */
export const taskProgram = `node /${folder}/task.js`;
