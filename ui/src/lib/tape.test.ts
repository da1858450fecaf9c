import { expect, test } from 'vitest';
import { rateOf, wavHead } from './tape';

test('the head of the samples says one channel of 16 bits, and no length', () => {
  const bytes = new Uint8Array(wavHead(16_000));
  const text = (from: number, to: number) => String.fromCharCode(...bytes.slice(from, to));
  expect([bytes.length, text(0, 4), text(8, 16), text(36, 40)]).toEqual([44, 'RIFF', 'WAVEfmt ', 'data']);
  expect([...bytes.slice(16, 36)]).toEqual([16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0]);
  expect([...bytes.slice(4, 8), ...bytes.slice(40)]).toEqual(Array<number>(8).fill(255));
});

test.each([
  [0, 32_000],
  [16_000, 16_000],
  [32_000, 24_000],
  [64_000, 32_000],
])('%d bits a second are as good as %d samples', (bits, rate) => {
  expect(rateOf(bits)).toBe(rate);
});
