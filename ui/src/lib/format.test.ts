import { expect, test } from 'vitest';
import { clock, longDay, moment, size } from './format';

const today = '2017-04-12';

test('the clock is the one written in the time', () => {
  expect(clock('2017-04-12T10:42:05+08:00')).toBe('10:42');
  expect(clock('2017-04-12T10:42:05-03:00')).toBe('10:42');
  expect(clock('nonsense')).toBe('');
});

test.each([
  ['2017-04-12T08:05:00+08:00', 'zh-CN', '今天 08:05'],
  ['2017-04-11T21:40:00+08:00', 'zh-CN', '昨天 21:40'],
  ['2017-04-09T21:40:00+08:00', 'zh-CN', '4月9日 21:40'],
  ['2016-10-02T09:00:00+08:00', 'zh-CN', '2016年10月2日 09:00'],
  ['2017-04-11T21:40:00+08:00', 'en', 'yesterday 21:40'],
  ['2017-04-09T21:40:00+08:00', 'en', '9 Apr 21:40'],
  ['2017-04-09', 'zh-CN', '4月9日'],
  ['2017-04-11', 'en', 'yesterday'],
] as const)('%s in %s is %s', (iso, lang, expected) => expect(moment(iso, today, lang)).toBe(expected));

test('long day', () => expect([longDay(today, 'zh-CN'), longDay(today, 'en')]).toEqual(['4月12日星期三', 'Wednesday, 12 April'].map((day) => expect.stringContaining(day.split(',')[0] ?? ''))));

test.each([
  [512, '512 B'],
  [31_400, '31 KB'],
  [32_505_856, '31 MB'],
])('%i bytes are %s', (bytes, expected) => expect(size(bytes, 'zh-CN')).toBe(expected));
