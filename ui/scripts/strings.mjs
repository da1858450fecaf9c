// Reads the Fluent catalogues and writes the typed keys: src/lib/strings/keys.ts.
// `node scripts/strings.mjs` writes; the test in src/lib/strings compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** @type {string[]} */
export const languages = ['zh-CN', 'en'];

/**
 * Messages of one language: key -> sorted names of its arguments.
 * @param {string} language
 * @returns {Map<string, string[]>}
 */
export function catalogue(language) {
  const folder = join(root, 'strings', language);
  const found = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ftl')).sort()) {
    let key = '';
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const head = /^([a-z][a-z0-9-]*) =/.exec(line);
      if (head) {
        key = head[1];
        if (found.has(key)) throw new Error(`${language}/${file}: ${key} stands twice`);
        found.set(key, new Set());
      }
      if (key) for (const name of line.matchAll(/\{\s*\$([a-zA-Z]+)/g)) found.get(key).add(name[1]);
    }
  }
  return new Map([...found].map(([name, args]) => [name, [...args].sort()]));
}

/**
 * The text of keys.ts.
 * @returns {string}
 */
export function keysModule() {
  const all = catalogue(languages[0]);
  const lines = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, args]) => {
    const type = args.length ? `{ ${args.map((name) => `${name}: Value`).join('; ')} }` : 'null';
    return `  '${key}': ${type};`;
  });
  return [
    '// Written by scripts/strings.mjs from strings/zh-CN/*.ftl. Do not edit.',
    '',
    'export type Value = string | number;',
    '',
    'export interface Messages {',
    ...lines,
    '}',
    '',
    'export type Key = keyof Messages;',
    '',
    '/** Keys without arguments. */',
    'export type PlainKey = { [K in Key]: Messages[K] extends null ? K : never }[Key];',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'src/lib/strings/keys.ts'), keysModule());
}
