// Interviews by site and interviewer, in the order of names as people sort them.
import type { Lang } from '../lib/backend/backend';
import type { InterviewCard } from '../lib/ipc/bindings';

export interface Place {
  site: string;
  count: number;
  people: { name: string; cards: InterviewCard[] }[];
}

/** Sites by name, in each the interviewers by name, in each the cards by code. Rows without a site come last. */
export function grouped(cards: InterviewCard[], lang: Lang): Place[] {
  const names = new Intl.Collator(lang === 'en' ? 'en' : 'zh', { numeric: true });
  const order = (a: string, b: string) => (a === '' || b === '' ? Number(a === '') - Number(b === '') : names.compare(a, b));
  return split(cards, (card) => card.site, order).map(([site, inside]) => ({
    site,
    count: inside.length,
    people: split(inside, (card) => card.interviewer, order).map(([name, own]) => ({
      name,
      cards: [...own].sort((a, b) => names.compare(a.code, b.code)),
    })),
  }));
}

function split(
  cards: InterviewCard[],
  by: (card: InterviewCard) => string,
  order: (a: string, b: string) => number,
): [string, InterviewCard[]][] {
  const groups = new Map<string, InterviewCard[]>();
  for (const card of cards) groups.set(by(card), [...(groups.get(by(card)) ?? []), card]);
  return [...groups].sort(([a], [b]) => order(a, b));
}
