import * as fs from "node:fs/promises";
import { layoutOf } from "./controlPlane/layout";
import { stopControlPlane } from "./controlPlane/stopControlPlane";
import { adoptEarlierFolders } from "./embeddedWork";
import { openProgress } from "./progress";

/** Removes the embedded control plane and, because it describes nothing any more, the state of the stacks on it. What other stacks have stays. */
async function down(): Promise<void> {
  const progress = openProgress();
  await stopControlPlane(progress);
  adoptEarlierFolders();
  await Promise.all(layoutOf().stackFolders.map((folder) => fs.rm(folder, { recursive: true, force: true })));
  progress.line("Removed. The tools stay in the cache; npm run up starts from nothing.");
}

void down();
