/**
 * The JavaScript of a TypeScript file, with its source map inside.
 * @param file absolute path
 * @param source what is in it
 */
export function compiled(file: string, source: string): string;
