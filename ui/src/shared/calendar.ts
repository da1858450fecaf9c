// Days of a month, Monday first. Dates are texts, `2017-05-02`; no clock and no time zone.

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day: string, days: number): string {
  const moved = utc(day);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** The weeks that hold a month (`2017-05`), whole. */
export function month(of: string): string[] {
  const first = utc(`${of}-01`);
  if (Number.isNaN(first.getTime())) return [];
  const before = (first.getUTCDay() + 6) % 7;
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const weeks = Math.ceil((before + last) / 7);
  return Array.from({ length: weeks * 7 }, (_, at) => addDays(`${of}-01`, at - before));
}

/** Short names of the week days, Monday first. */
export function weekdays(lang: string): string[] {
  const name = new Intl.DateTimeFormat(lang, { weekday: lang === 'en' ? 'short' : 'narrow', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, at) => name.format(utc(addDays('2017-05-01', at))));
}
