// Finding Chinese words by the first letters of their pinyin, without a table of characters.
//
// The pinyin collation of the web view (CLDR) has a mark before the first character of each letter; comparing with those
// twenty-three marks gives the letter. The common reading counts; a character with several is not asked about.

const letters = 'ABCDEFGHJKLMNOPQRSTWXYZ';
const marks = [...letters].map((letter) => `\uFDD0${letter}`);
const collator = new Intl.Collator('zh-Hans-CN-u-co-pinyin');

/** First letters of the pinyin of a text, lower case; other letters and digits stay. */
export function initials(text: string): string {
  return [...text.normalize('NFKC')].map(initial).join('').toLowerCase();
}

function initial(sign: string): string {
  if (/[A-Za-z0-9]/.test(sign)) return sign;
  if (!/\p{Script=Han}/u.test(sign)) return '';
  let found = '';
  for (const [at, mark] of marks.entries()) {
    if (collator.compare(sign, mark) < 0) break;
    found = letters[at] ?? '';
  }
  return found;
}

/** Whether what was typed finds the text: as a part of it, or as pinyin initials. */
export function finds(typed: string, text: string): boolean {
  const wanted = plain(typed);
  if (wanted === '') return true;
  return plain(text).includes(wanted) || (/^[a-z0-9]+$/.test(wanted) && initials(text).includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\s\u3000]+/g, '');
}
