import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import type { Content } from "./images";

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

/** This Node, which runs TypeScript as it is, with the programs in the folder `ponos`. */
export const ponosImages: Content = {
  images: {
    [ponosReferences.agent]: { Entrypoint: ["/bin/node", `/${folder}/agent.ts`] },
    [ponosReferences.arkindex]: { Entrypoint: ["/bin/node", `/${folder}/arkindex.ts`] },
    [ponosReferences.task]: { Env: ["PATH=/bin"] },
    [ponosReferences.userTask]: { Env: ["PATH=/bin"], User: "1000:1000" },
  },
  fill: (root) => {
    root.program(process.execPath, "bin/node");
    root.files(path.join(__dirname, "ponos"), folder);
    root.files(path.join(projectRoot, "node_modules", "yaml"), `${folder}/node_modules/yaml`);
    for (const name of fs.readdirSync(path.join(root.folder, folder))) fs.chmodSync(path.join(root.folder, folder, name), 0o755);
  },
};

/** What a task runs. */
export const taskProgram = `node /${folder}/task.ts`;
