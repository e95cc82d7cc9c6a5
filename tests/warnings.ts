/** What a program under test warned of. */
export async function warningsOf(program: () => Promise<unknown>): Promise<string> {
  const { warn } = console;
  const texts: string[] = [];
  console.warn = (text: string) => void texts.push(text);
  try {
    await program();
  } finally {
    console.warn = warn;
  }
  return texts.join("\n");
}
