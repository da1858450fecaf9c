import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { describe, expect, test } from 'vitest';
import { catalogue, keysModule, languages } from '../../../scripts/strings.mjs';
import { Refusal } from '../backend/backend';
import { ui } from '../ui.svelte';
import { maybe, numbers, problemText, refusalText, t } from './strings';

const source = join(import.meta.dirname, '../..');

/** Families whose keys are put together from a code that comes from Rust. */
const open = ['consent-standing-', 'consent-do-', 'consent-how-', 'consent-say-', 'consent-speaks-', 'real-item-', 'error-', 'roster-', 'person-did-', 'person-consent-', 'relation-', 'purpose-', 'column-', 'card-', 'assign-', 'problem-', 'form-', 'set-aside-', 'misfit-', 'export-for-', 'unsupported-', 'notice-', 'duplicate-', 'mark-', 'trait-', 'sex-'];

function files(ext: string[]): { path: string; text: string }[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => ext.some((one) => path.endsWith(one)) && !path.endsWith('.test.ts') && !path.endsWith('keys.ts') && !path.includes('fake'))
    .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));
}

describe('catalogues', () => {
  test('keys.ts is current; else run `npm run strings`', () => {
    expect(readFileSync(join(source, 'lib/strings/keys.ts'), 'utf8')).toBe(keysModule());
  });

  test('both languages have the same keys with the same arguments', () => {
    const [first, ...others] = languages.map((language) => Object.fromEntries([...catalogue(language)].sort()));
    for (const other of others) expect(other).toEqual(first);
  });

  test.each(languages)('%s has no broken message', (language) => {
    const bundle = new FluentBundle(language);
    const folder = join(source, '../strings', language);
    const keys = new Set<string>();
    for (const file of readdirSync(folder)) {
      const resource = new FluentResource(readFileSync(join(folder, file), 'utf8'));
      expect(bundle.addResource(resource)).toEqual([]);
      for (const entry of resource.body) keys.add(entry.id);
    }
    // What the reader of Fluent dropped would be missing here.
    expect([...keys].sort()).toEqual([...catalogue(language).keys()].sort());
  });

  test('every key that is used exists, and none is unused', () => {
    const known = [...catalogue('zh-CN').keys()];
    const all = files(['.ts', '.svelte']).map((file) => file.text).join('\n');
    const used = new Set([...all.matchAll(/'([a-z][a-z0-9]*(?:-[a-z0-9]+)*)'/g)].map((found) => found[1]));
    const asked = [...all.matchAll(/\bt\(\s*'([^']+)'/g)].map((found) => found[1] ?? '');
    expect(asked.filter((key) => !known.includes(key))).toEqual([]);
    expect(known.filter((key) => !used.has(key) && !open.some((family) => key.startsWith(family)))).toEqual([]);
  });

  test('no words stand in markup', () => {
    const bad = files(['.svelte']).flatMap(({ path, text }) => {
      const code = text
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<(script|style)[\s\S]*?<\/\1>/g, '');
      const chinese = /\p{Script=Han}/u.exec(code.replace(/'中文'/g, ''));
      // Words between tags, outside of expressions.
      const plain = />[^<>{}=]*?([A-Za-z]{3,})[^<>{}=]*</.exec(strip(code));
      return [chinese, plain].flatMap((found) => (found ? [`${path}: ${found[0].trim().slice(0, 40)}`] : []));
    });
    expect(bad).toEqual([]);
  });
});

/** Markup without its expressions, however they are nested. */
function strip(markup: string): string {
  let depth = 0;
  let out = '';
  for (const sign of markup) {
    if (sign === '{') depth += 1;
    if (depth === 0) out += sign;
    if (sign === '}') depth -= 1;
  }
  return out;
}

describe('words', () => {
  test('arguments and plural', () => {
    expect(t('saved', { time: '10:42' })).toBe('已存 10:42');
    ui.lang = 'en';
    expect(t('completion-wrong', { count: 1 })).toBe('One answer must be corrected before you finish');
    expect(t('completion-wrong', { count: 2 })).toBe('2 answers must be corrected before you finish');
  });

  test('an unknown refusal still says its technical line', () => {
    const refusal = new Refusal({ code: 'never-heard', args: {}, detail: 'expected a, found b' });
    expect(refusalText(refusal)).toContain('expected a, found b');
    expect(refusalText(new Refusal({ code: 'wrong-passphrase', args: {}, detail: '' }))).toContain('口令不对');
  });

  test('the form’s own message comes first', () => {
    expect(problemText({ code: 'answer-constraint', message: '最多 31 次', args: {} })).toBe('最多 31 次');
    expect(problemText({ code: 'answer-missing', message: '', args: {} })).toBe(maybe('problem-answer-missing'));
    expect(problemText({ code: 'unheard', message: '', args: {} })).toBe(t('problem-other'));
  });

  test('counts become numbers, codes stay text', () => {
    expect(numbers({ count: '3', code: '007', name: 'a' })).toEqual({ count: 3, code: '007', name: 'a' });
  });
});
