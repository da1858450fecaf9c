import { describe, expect, test } from 'vitest';
import { bytesOf, duration, greyOf, piecesOf, size } from './bytes';

async function through(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<number[][]> {
  const pieces: number[][] = [];
  for await (const piece of piecesOf(new Blob([bytes]), at)) pieces.push([...bytesOf(piece)]);
  return pieces;
}

describe('bytes', () => {
  test('come back as they were, in pieces', async () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => (at * 7) % 256);
    for (const at of [1000, 8192, 19_999, 20_000, 30_000]) {
      const pieces = await through(bytes, at);
      expect(pieces.every((piece) => piece.length <= at)).toBe(true);
      expect(pieces.flat()).toEqual([...bytes]);
    }
  });

  test('none give no piece', async () => {
    expect(await through(new Uint8Array(), 10)).toEqual([]);
  });
});

test.each([
  [0, '0 KB'],
  [1, '1 KB'],
  [300_000, '293 KB'],
  [1_500_000, '1.4 MB'],
])('%i bytes are %s', (bytes, shown) => {
  expect(size(bytes)).toBe(shown);
});

test.each([
  [0, '00:00:00'],
  [61.9, '00:01:01'],
  [3 * 3600 + 59 * 60 + 59, '03:59:59'],
])('%d seconds are %s', (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});

test('grey is how light a colour is to the eye', () => {
  expect([...greyOf(new Uint8ClampedArray([0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255]))]).toEqual([0, 255, 76, 149]);
});
