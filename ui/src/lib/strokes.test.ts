import { expect, test } from 'vitest';
import { onSheet, within } from './strokes';

const box = { left: 100, top: 50, width: 600, height: 300 };
const sheet = { width: 1200, height: 600 };

test.each([
  [{ x: 100, y: 50 }, { x: 0, y: 0 }],
  [{ x: 400, y: 200 }, { x: 600, y: 300 }],
  [{ x: 0, y: 900 }, { x: 0, y: 600 }],
])('%o of the screen is %o of the sheet', (at, there) => {
  expect(onSheet(at, box, sheet)).toEqual(there);
});

test('a sheet that is not shown yet has one place', () => {
  expect(onSheet({ x: 5, y: 5 }, { left: 0, top: 0, width: 0, height: 0 }, sheet)).toEqual({ x: 0, y: 0 });
});

test.each([
  [4000, 3000, 1600, { width: 1600, height: 1200 }],
  [3000, 4000, 1600, { width: 1200, height: 1600 }],
  [800, 600, 1600, { width: 800, height: 600 }],
  [800, 600, 0, { width: 800, height: 600 }],
  [10_000, 1, 10, { width: 10, height: 1 }],
])('%i × %i within %i', (width, height, longest, expected) => {
  expect(within(width, height, longest)).toEqual(expected);
});
