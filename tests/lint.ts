import { checks, runNode } from "./checks";

/** `npm run lint`: style and types, without the tests. */
async function main(): Promise<void> {
  let failed = 0;
  for (const { name, script, args } of checks) {
    console.log(`== ${name}`);
    if ((await runNode(script, args)) !== 0) failed++;
  }
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
