// What people type, brought into the form that is stored: full-width signs, dates as bare digits, times.

/** Full-width digits, letters and signs to plain ones; the Chinese full stop between digits is a decimal point. */
export function plainNumber(typed: string): string {
  return trimWide(typed)
    .normalize('NFKC')
    .replace(/(\d)。(\d)/g, '$1.$2')
    .replace(/[−–—]/g, '-')
    .replace(/(\d)[,\s](?=\d{3}(\D|$))/g, '$1');
}

/** Without white space at both ends, the ideographic space included. */
export function trimWide(typed: string): string {
  return typed.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '');
}

const pad = (part: string) => part.padStart(2, '0');

/** `20170502`, `2017 5 2`, `2017年5月2日` … to `2017-05-02`; what is no date stays as typed. */
export function plainDate(typed: string): string {
  const text = trimWide(typed).normalize('NFKC');
  const found =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})\s*[-/.年\s。]\s*(\d{1,2})\s*[-/.月\s。]\s*(\d{1,2})\s*[日号]?$/.exec(text);
  if (!found?.[1] || !found[2] || !found[3]) return text;
  const date = `${found[1]}-${pad(found[2])}-${pad(found[3])}`;
  const real = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(date) ? date : text;
}

/** `830`, `8:30`, `8点30` … to `08:30`; what is no time stays as typed. */
export function plainTime(typed: string): string {
  const text = trimWide(typed).normalize('NFKC');
  const found = /^(\d{1,2})(\d{2})$/.exec(text) ?? /^(\d{1,2})\s*[:.点时\s]\s*(\d{1,2})\s*分?$/.exec(text);
  if (!found?.[1] || !found[2]) return text;
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  return hour < 24 && minute < 60 ? `${pad(found[1])}:${pad(found[2])}` : text;
}

/** `08:30` of a stored time such as `08:30:00.000+08:00`. */
export function shownTime(stored: string): string {
  return /^(\d{2}:\d{2})/.exec(stored)?.[1] ?? stored;
}

/** Offset of this laptop at that moment: `+08:00`. */
export function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const part = (value: number) => pad(String(Math.floor(Math.abs(value))));
  return `${minutes < 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}

/** A time as it is stored; what is no time stays as typed. */
export function storedTime(typed: string): string {
  const time = plainTime(typed);
  return /^\d{2}:\d{2}$/.test(time) ? `${time}:00.000${offset(new Date())}` : time;
}

/** `20170502 830` and the like as it is stored; what is no date with time stays as typed. */
export function storedDateTime(typed: string): string {
  const text = trimWide(typed).normalize('NFKC');
  const found = /^(.*?\d[日号]?)[\sT]+(\d{1,2}\s*[:点时]?\s*\d{2}\s*分?)$/.exec(text);
  if (!found?.[1] || !found[2]) return text;
  const [date, time] = [plainDate(found[1]), plainTime(found[2])];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return text;
  return `${date}T${time}:00.000${offset(new Date(`${date}T${time}:00`))}`;
}

/** `2017-05-02 08:30` of a stored date with time. */
export function shownDateTime(stored: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(stored);
  return found ? `${found[1]} ${found[2]}` : stored;
}

/** `201705`, `2017-5`, `2017年5月` to the first day of the month, as it is stored; what is no month stays as typed. */
export function storedMonth(typed: string): string {
  const text = trimWide(typed).normalize('NFKC');
  const found = /^(\d{4})(\d{2})$/.exec(text) ?? /^(\d{4})\s*[-/.年\s。]\s*(\d{1,2})\s*月?$/.exec(text);
  if (!found?.[1] || !found[2]) return plainDate(text);
  const month = Number(found[2]);
  return month >= 1 && month <= 12 ? `${found[1]}-${pad(found[2])}-01` : text;
}

/** `2017`, `2017年` to the first day of the year, as it is stored; what is no year stays as typed. */
export function storedYear(typed: string): string {
  const text = trimWide(typed).normalize('NFKC');
  const found = /^(\d{4})\s*年?$/.exec(text);
  return found?.[1] ? `${found[1]}-01-01` : plainDate(text);
}

/** The first part of a stored date: a year, or a year with its month. */
export function shownPart(stored: string, parts: 'month' | 'year'): string {
  const found = /^(\d{4})-(\d{2})/.exec(stored);
  if (!found?.[1] || !found[2]) return stored;
  return parts === 'year' ? found[1] : `${found[1]}-${found[2]}`;
}

/** Digits in threes, for reading: `12345.5` is `12,345.5`; what is no number stays. */
export function inThrees(value: string): string {
  const found = /^(-?)(\d+)(\.\d+)?$/.exec(value);
  if (!found?.[2]) return value;
  return `${found[1] ?? ''}${found[2].replace(/\B(?=(\d{3})+$)/g, ',')}${found[3] ?? ''}`;
}
