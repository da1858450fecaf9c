import { expect, test } from 'vitest';
import { finds, initials } from './pinyin';

test.each([
  ['柳溪小学', 'lxxx'],
  ['温岭市', 'wls'],
  ['武义县', 'wyx'],
  ['妈妈', 'mm'],
  ['桃园', 'ty'],
  ['三年级', 'snj'],
  ['安徽', 'ah'],
  ['欧阳', 'oy'],
  ['石塘 2 班', 'st2b'],
  ['四（2）班', 's2b'],
  ['Q群', 'qq'],
])('initials of %s are %s', (text, expected) => expect(initials(text)).toBe(expected));

test.each<[string, string, boolean]>([
  ['', '柳溪小学', true],
  ['溪小', '柳溪小学', true],
  ['lx', '柳溪小学', true],
  ['ＬＸ', '柳溪小学', true],
  ['xx', '柳溪小学', true],
  ['ly', '柳溪小学', false],
  ['liuxi', 'Liuxi Primary', true],
  ['２班', '四 2 班', true],
])('%s finds %s: %s', (typed, text, expected) => expect(finds(typed, text)).toBe(expected));
