// The words of the window: Fluent catalogues, one folder per language, keys typed by scripts/strings.mjs.
import { FluentBundle, FluentResource } from '@fluent/bundle';
import type { Args, Lang, Refusal } from '../backend/backend';
import type { Problem } from '../ipc/bindings';
import { ui } from '../ui.svelte';
import type { Key, Messages, Value } from './keys';

const files = import.meta.glob<string>('../../../strings/*/*.ftl', { query: '?raw', import: 'default', eager: true });

function read(lang: Lang): FluentBundle {
  // Isolation marks are for mixed directions; here they would only stand between a digit and its unit.
  const bundle = new FluentBundle(lang, { useIsolating: false });
  for (const [path, text] of Object.entries(files)) {
    if (path.includes(`/${lang}/`)) bundle.addResource(new FluentResource(text));
  }
  return bundle;
}

const bundles: Record<Lang, FluentBundle> = { 'zh-CN': read('zh-CN'), en: read('en') };

type Arguments<K extends Key> = Messages[K] extends null ? [] : [Messages[K]];

/** The words of a key in the window's language. */
export function t<K extends Key>(key: K, ...args: Arguments<K>): string {
  return maybe(key, args[0] ?? {}) ?? key;
}

/** The words of a key that is put together at run time; none if the catalogue does not know it. */
export function maybe(key: string, args: Record<string, Value> = {}): string | undefined {
  const bundle = bundles[ui.lang];
  const pattern = bundle.getMessage(key)?.value;
  if (!pattern) return undefined;
  const problems: Error[] = [];
  const text = bundle.formatPattern(pattern, args, problems);
  return problems.length === 0 || text !== '' ? text : undefined;
}

/** A refusal in words. */
export function refusalText(refusal: Refusal): string {
  return maybe(`error-${refusal.code}`, numbers(refusal.args)) ?? t('error-other', { detail: refusal.detail || refusal.code });
}

/** What is wrong with an answer, in words: the form's own first. */
export function problemText(problem: Problem): string {
  return problem.message || (maybe(`problem-${problem.code}`, numbers(problem.args)) ?? t('problem-other'));
}

/** Arguments that are counts become numbers, so that the catalogue can choose by number. */
export function numbers(args: Args): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, /^(0|[1-9]\d{0,5})$/.test(value) ? Number(value) : value]),
  );
}
