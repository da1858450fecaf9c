import { describe, expect, test } from 'vitest';
import type { MapView } from './ipc/bindings';
import { fitting, holds, middle, pixel, place, stored, tiles } from './map';

const wuyi: MapView = { file: 'w', name: '', minZoom: 6, maxZoom: 14, west: 119400000, south: 28500000, east: 120100000, north: 29150000 };

describe('Web Mercator', () => {
  test.each([
    [{ latitude: 0, longitude: 0 }, 0, { x: 128, y: 128 }],
    [{ latitude: 0, longitude: -180 }, 3, { x: 0, y: 1024 }],
    [{ latitude: 85.0511287798, longitude: 180 }, 1, { x: 512, y: 0 }],
    [{ latitude: 90, longitude: 0 }, 0, { x: 128, y: 0 }],
  ])('%o at zoom %i', (at, zoom, wanted) => {
    const found = pixel(at, zoom);
    expect(found.x).toBeCloseTo(wanted.x, 6);
    expect(found.y).toBeCloseTo(wanted.y, 3);
  });

  // The tile of a place in Wuyi, as the formula of the OpenStreetMap wiki gives it.
  test('a place lies in its tile', () => {
    const at = pixel({ latitude: 28.8926, longitude: 119.8164 }, 14);
    expect([Math.floor(at.x / 256), Math.floor(at.y / 256)]).toEqual([13644, 6817]);
  });

  test('there and back', () => {
    for (const latitude of [-80, -12.5, 0, 28.4512, 66.6]) {
      for (const longitude of [-179.9, 0, 119.9241, 179.9]) {
        const back = place(pixel({ latitude, longitude }, 15), 15);
        expect(back.latitude).toBeCloseTo(latitude, 8);
        expect(back.longitude).toBeCloseTo(longitude, 8);
      }
    }
  });
});

describe('a view', () => {
  test('is covered by its tiles, the middle one first', () => {
    const found = tiles({ latitude: 28.9, longitude: 119.8 }, 12, 600, 400);
    for (const [x, y] of [[0, 0], [599, 0], [0, 399], [599, 399], [300, 200]] as const) {
      expect(found.filter((one) => one.left <= x && x < one.left + 256 && one.top <= y && y < one.top + 256).length).toBe(1);
    }
    const first = found[0];
    expect(first && first.left <= 300 && first.left + 256 > 300).toBe(true);
  });

  test('goes on over the date line and ends at the poles', () => {
    const found = tiles({ latitude: 84, longitude: 179.9 }, 2, 600, 400);
    expect(found.every((one) => one.column >= 0 && one.column < 4 && one.row >= 0 && one.row < 4)).toBe(true);
    expect(new Set(found.map((one) => one.key)).size).toBe(found.length);
  });

  test('fits a map, within its zooms', () => {
    expect(fitting(wuyi, 800, 400)).toBe(9);
    expect(fitting(wuyi, 1, 1)).toBe(6);
    expect(fitting({ ...wuyi, minZoom: 12 }, 800, 400)).toBe(12);
    expect(middle(wuyi)).toEqual({ latitude: 28.825, longitude: 119.75 });
    expect([holds(wuyi, middle(wuyi)), holds(wuyi, { latitude: 28.3, longitude: 121.4 })]).toEqual([true, false]);
  });
});

test('a place is stored with seven decimals at most', () => {
  expect(stored({ latitude: 28.123456789, longitude: 119.5 })).toBe('28.1234568 119.5');
});
