import { expect, test } from 'vitest';
import { distance, drawing, length, linePoints, parts, plainDegrees, point, storedLine, storedPlace } from './places';

test.each([
  ['28.9', '28.9'],
  ['２８．９', '28.9'],
  ['28。9', '28.9'],
  ['28°54′', '28.9'],
  ['28°54\'36"', '28.91'],
  ['28度54分', '28.9'],
  ['北纬28.9', '28.9'],
  ['28.9N', '28.9'],
  ['33.5S', '-33.5'],
  ['-33.5', '-33.5'],
  ['119.8', '119.8'],
  ['left of the school', 'left of the school'],
  ['', ''],
])('%s is %s', (typed, expected) => {
  expect(plainDegrees(typed)).toBe(expected);
});

test.each([
  ['28.9 119.8', '28.9 119.8'],
  ['28.9, 119.8', '28.9 119.8'],
  ['28.9，119.8，120，5', '28.9 119.8 120 5'],
  ['28°54′ 119°48′', '28.9 119.8'],
  ['28.9', '28.9'],
])('the place %s is stored as %s', (typed, expected) => {
  expect(storedPlace(typed)).toBe(expected);
});

test('parts stand alone', () => {
  expect(parts('28.9 119.8 12')).toEqual(['28.9', '119.8', '12']);
  expect(point('28.9 119.8 0 0')).toEqual({ latitude: 28.9, longitude: 119.8 });
  expect([point(''), point('28.9'), point('98 200')]).toEqual([undefined, undefined, undefined]);
});

test('an area is closed when it is stored and open when it is shown', () => {
  expect(storedLine(['1 1', '1 2', '2 2'], true)).toBe('1 1;1 2;2 2;1 1');
  expect(linePoints('1 1;1 2;2 2;1 1', true)).toEqual(['1 1', '1 2', '2 2']);
  expect(storedLine(['1 1', '', '1 2'], false)).toBe('1 1;1 2');
  expect(linePoints('1 1;1 2;1 1', false)).toEqual(['1 1', '1 2', '1 1']);
  expect(linePoints('', true)).toEqual([]);
});

test('distances are those of the ground', () => {
  const [school, north] = [{ latitude: 28.9, longitude: 119.8 }, { latitude: 28.91, longitude: 119.8 }];
  expect(distance(school, north)).toBeCloseTo(1113.2, 0);
  const east = { latitude: 28.9, longitude: 119.81 };
  expect(distance(school, east)).toBeLessThan(distance(school, north));
  expect(length([school, north], false)).toBeCloseTo(1113.2, 0);
  expect(length([school, north, east], true)).toBeGreaterThan(length([school, north, east], false));
});

test('the drawing keeps the shape, north up', () => {
  const at = (latitude: number, longitude: number) => ({ latitude, longitude });
  expect(drawing([at(0, 0), at(1, 0), at(1, 1), at(0, 1)], 100, 10)).toEqual([
    { x: 10, y: 90 },
    { x: 10, y: 10 },
    { x: 90, y: 10 },
    { x: 90, y: 90 },
  ]);
  expect(drawing([at(28, 119)], 100, 10)).toEqual([{ x: 50, y: 50 }]);
  expect(drawing([], 100, 10)).toEqual([]);
});
