// Dates, times and sizes as people read them. Times come as ISO 8601 with offset; what is shown is the wall clock
// written there, since that is what the person who wrote it saw.
import type { Lang } from './backend/backend';

interface Wall {
  date: string;
  time: string;
}

function wall(iso: string): Wall | null {
  const found = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})|$)/.exec(iso);
  return found?.[1] ? { date: found[1], time: found[2] ?? '' } : null;
}

/** `10:42`. */
export function clock(iso: string): string {
  return wall(iso)?.time ?? '';
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

/** `4月12日星期三`, `Wednesday, 12 April`. */
export function longDay(date: string, lang: Lang): string {
  return new Intl.DateTimeFormat(locale(lang), { month: 'long', day: 'numeric', weekday: 'long', timeZone: 'UTC' }).format(utc(date));
}

/** `4月9日`, `9 Apr`; with the year if it is another one than today's. */
export function shortDay(date: string, today: string, lang: Lang): string {
  const year = date.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  const month = lang === 'en' ? 'short' : 'long';
  return new Intl.DateTimeFormat(locale(lang), { ...year, month, day: 'numeric', timeZone: 'UTC' }).format(utc(date));
}

/** Days from `date` to `today`. */
function daysAgo(date: string, today: string): number {
  return Math.round((utc(today).getTime() - utc(date).getTime()) / 86_400_000);
}

/** `今天 08:05`, `昨天 21:40`, `4月9日 21:40`; of a day alone without the time. */
export function moment(iso: string, today: string, lang: Lang): string {
  const at = wall(iso);
  if (!at) return '';
  const ago = daysAgo(at.date, today);
  if (ago === 0 || ago === 1) {
    const day = new Intl.RelativeTimeFormat(locale(lang), { numeric: 'auto' }).format(-ago, 'day');
    return `${day} ${at.time}`.trim();
  }
  return `${shortDay(at.date, today, lang)} ${at.time}`.trim();
}

/** `31 MB`. */
export function size(bytes: number, lang: Lang): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
  if (bytes < 1024) return `${number(bytes, 0)} B`;
  if (bytes < 1024 * 1024) return `${number(bytes / 1024, 0)} KB`;
  return `${number(bytes / 1024 / 1024, 1)} MB`;
}

function locale(lang: Lang): string {
  return lang === 'en' ? 'en-GB' : 'zh-CN';
}

/** `120 m`, `1.2 km`; `120米`, `1.2公里`. */
export function metres(distance: number, lang: Lang): string {
  const far = distance >= 1000;
  const shown = { style: 'unit', unit: far ? 'kilometer' : 'meter', maximumFractionDigits: far ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale(lang), shown).format(far ? distance / 1000 : distance);
}
