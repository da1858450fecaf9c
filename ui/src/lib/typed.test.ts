import { expect, test } from 'vitest';
import {
  inThrees,
  plainDate,
  plainNumber,
  plainTime,
  shownDateTime,
  shownPart,
  shownTime,
  storedDateTime,
  storedMonth,
  storedTime,
  storedYear,
  trimWide,
} from './typed';

test.each([
  ['６０', '60'],
  ['３．５', '3.5'],
  ['3。5', '3.5'],
  ['－2', '-2'],
  ['１，２００', '1200'],
  ['1 200', '1200'],
  ['　12　', '12'],
  ['12岁', '12岁'],
  ['1,2', '1,2'],
  ['', ''],
])('number %s is %s', (typed, expected) => expect(plainNumber(typed)).toBe(expected));

test.each([
  ['20170502', '2017-05-02'],
  ['２０１７０５０２', '2017-05-02'],
  ['2017年5月2日', '2017-05-02'],
  ['2017 年 5 月 2 号', '2017-05-02'],
  ['2017/5/2', '2017-05-02'],
  ['2017.5.2', '2017-05-02'],
  ['2017 5 2', '2017-05-02'],
  ['2017-05-02', '2017-05-02'],
  ['20160229', '2016-02-29'],
  ['20170229', '20170229'],
  ['20171301', '20171301'],
  ['春节前', '春节前'],
  ['', ''],
])('date %s is %s', (typed, expected) => expect(plainDate(typed)).toBe(expected));

test.each([
  ['0830', '08:30'],
  ['830', '08:30'],
  ['８：３０', '08:30'],
  ['8点30分', '08:30'],
  ['2460', '2460'],
  ['早上', '早上'],
])('time %s is %s', (typed, expected) => expect(plainTime(typed)).toBe(expected));

test('times are stored with the offset of the laptop, and shown without', () => {
  expect(storedTime('0830')).toMatch(/^08:30:00\.000[+-]\d{2}:\d{2}$/);
  expect(shownTime(storedTime('0830'))).toBe('08:30');
  expect(storedTime('soon')).toBe('soon');
  expect(storedDateTime('20170502 0830')).toMatch(/^2017-05-02T08:30:00\.000[+-]\d{2}:\d{2}$/);
  expect(shownDateTime(storedDateTime('2017年5月2日 8:30'))).toBe('2017-05-02 08:30');
  expect(storedDateTime('20170502')).toBe('20170502');
});

test('ideographic spaces are trimmed', () => expect(trimWide('　王 小明　')).toBe('王 小明'));

test.each([
  ['201705', '2017-05-01'],
  ['2017-5', '2017-05-01'],
  ['２０１７年５月', '2017-05-01'],
  ['20170502', '2017-05-02'],
  ['201713', '201713'],
  ['夏天', '夏天'],
  ['', ''],
])('month %s is %s', (typed, expected) => expect(storedMonth(typed)).toBe(expected));

test.each([
  ['2017', '2017-01-01'],
  ['２０１７年', '2017-01-01'],
  ['17', '17'],
  ['', ''],
])('year %s is %s', (typed, expected) => expect(storedYear(typed)).toBe(expected));

test('parts of a date are shown without what was not asked', () => {
  expect([shownPart('2017-05-01', 'month'), shownPart('2017-05-01', 'year'), shownPart('', 'year')]).toEqual(['2017-05', '2017', '']);
});

test.each([
  ['12345', '12,345'],
  ['-1234567.25', '-1,234,567.25'],
  ['123', '123'],
  ['about 1000', 'about 1000'],
])('%s in threes is %s', (value, expected) => expect(inThrees(value)).toBe(expected));
