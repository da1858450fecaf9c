import { expect, test } from 'vitest';
import type { Range } from './ipc/bindings';
import { nearest, place, stepped, ticks, values } from './scale';

function range(start: string, end: string, step: string, more: Partial<Range> = {}): Range {
  return { start, end, step, whole: true, look: 'scale', ticks: true, tickInterval: '', labels: [], placeholder: '', ...more };
}

test.each<[Range, string[]]>([
  [range('0', '10', '2'), ['0', '2', '4', '6', '8', '10']],
  [range('0', '1', '0.25'), ['0.00', '0.25', '0.50', '0.75', '1.00']],
  [range('5', '1', '2'), ['5', '3', '1']],
  [range('0', '10', '3'), ['0', '3', '6', '9']],
  [range('-1', '1', '1'), ['-1', '0', '1']],
  [range('0', '100000', '1'), []],
])('%o has its steps', (given, expected) => {
  expect(values(given)).toEqual(expected);
});

test.each<[Range, string, number, string]>([
  [range('0', '10', '2'), '', 1, '0'],
  [range('0', '10', '2', { placeholder: '4' }), '', 1, '4'],
  [range('0', '10', '2'), '4', 1, '6'],
  [range('0', '10', '2'), '10', 1, '10'],
  [range('0', '10', '2'), '0', -1, '0'],
  [range('0', '10', '2'), '5', 1, '6'],
  [range('0', '10', '2'), '5', -1, '4'],
  [range('0', '10', '2'), '99', -1, '10'],
  [range('0', '1', '0.1'), '0.3', 1, '0.4'],
  [range('10', '0', '1'), '4', 1, '3'],
])('%o from %s by %i comes to %s', (given, value, by, expected) => {
  expect(stepped(given, value, by)).toBe(expected);
});

test('places on the scale and back', () => {
  const ten = range('0', '10', '2');
  expect([place(ten, '0'), place(ten, '5'), place(ten, '10'), place(ten, '11'), place(ten, '')]).toEqual([0, 0.5, 1, undefined, undefined]);
  expect([nearest(ten, 0), nearest(ten, 0.29), nearest(ten, 2)]).toEqual(['0', '2', '10']);
});

test('marks follow the interval, and none stand where they would run together', () => {
  expect(ticks(range('0', '10', '1', { tickInterval: '5' })).map((mark) => mark.value)).toEqual(['0', '5', '10']);
  expect(ticks(range('0', '10', '1', { ticks: false }))).toEqual([]);
  expect(ticks(range('0', '500', '1'))).toEqual([]);
});
