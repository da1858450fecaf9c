import { expect, test } from 'vitest';
import { addDays, month, weekdays } from './calendar';

test('months are whole weeks from Monday', () => {
  const days = month('2017-05');
  expect([days[0], days.at(-1), days.length]).toEqual(['2017-05-01', '2017-06-04', 35]);
  expect(month('2016-02')[0]).toBe('2016-02-01');
  expect(month('nonsense')).toEqual([]);
});

test('days across months and leap days', () => {
  expect(addDays('2016-02-28', 1)).toBe('2016-02-29');
  expect(addDays('2017-01-01', -1)).toBe('2016-12-31');
});

test('week days', () => {
  expect(weekdays('zh-CN')).toEqual(['一', '二', '三', '四', '五', '六', '日']);
  expect(weekdays('en')[0]).toBe('Mon');
});
