import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DigitEntry, drawn, waitForSecondDigit } from './digits';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function typed(digits: string, count: number): { chosen: number[]; entry: DigitEntry } {
  const chosen: number[] = [];
  const entry = new DigitEntry((index) => chosen.push(index + 1));
  for (const digit of digits) entry.press(digit, count);
  return { chosen, entry };
}

test.each<[string, number, number[]]>([
  ['3', 7, [3]],
  ['9', 7, []],
  ['0', 7, []],
  ['0', 10, [10]],
  ['1', 10, [1]],
  ['12', 12, [12]],
  ['5', 12, [5]],
  ['17', 12, [7]],
  ['1', 12, []],
  ['01', 9, [1]],
  ['21', 30, [21]],
  ['44', 30, [4, 4]],
])('%s among %i options chooses %j at once', (digits, count, expected) => {
  expect(typed(digits, count).chosen).toEqual(expected);
});

test('a first digit waits, then counts alone', () => {
  const { chosen } = typed('1', 12);
  vi.advanceTimersByTime(waitForSecondDigit - 1);
  expect(chosen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(chosen).toEqual([1]);
});

test.each<[string, string[], number[]]>([
  ['0', ['0', '1', '2'], [1]],
  ['10', ['0', '5', '10'], [3]],
  ['7', ['0', '5', '10'], []],
])('%s among the numbers %j', (digits, names, expected) => {
  const chosen: number[] = [];
  const entry = new DigitEntry((index) => chosen.push(index + 1));
  for (const digit of digits) entry.press(digit, names);
  expect(chosen).toEqual(expected);
});

test('Enter ends the waiting', () => {
  const { chosen, entry } = typed('1', 12);
  expect(entry.accept()).toBe(true);
  expect(chosen).toEqual([1]);
  expect(entry.accept()).toBe(false);
  vi.advanceTimersByTime(waitForSecondDigit);
  expect(chosen).toEqual([1]);
});

test('leaving the question forgets what waits', () => {
  const { chosen, entry } = typed('1', 12);
  entry.cancel();
  vi.advanceTimersByTime(waitForSecondDigit);
  expect(chosen).toEqual([]);
});

test('numbers drawn', () => {
  expect([drawn(0, 7), drawn(9, 10), drawn(9, 12)]).toEqual(['1', '0', '10']);
});
