import { describe, expect, test } from 'vitest';
import { interview, settled, type Window } from './window';

const field = () => document.activeElement as HTMLInputElement;
const page = () => document.querySelector<HTMLElement>('[data-testid="page"]')?.dataset['page'];

/** Interview 217 at a question of the section with every kind. */
async function at(name: string): Promise<Window> {
  const window = await interview({ widgets: true });
  await window.click('tree-/w');
  await window.click(`tree-/w/${name}`);
  await settled();
  expect(page()).toBe(`/w/${name}`);
  return window;
}

const stored = (window: Window) => window.backend.stored.map((one) => one.value);

/** Types into a field by its test id, then leaves it. */
async function write(window: Window, id: string, text: string): Promise<void> {
  window.at(id).focus();
  await window.type(text);
}

describe('options', () => {
  test.each(['likert', 'columns', 'pack', 'pictures'])('%s: digits choose, arrows move without choosing', async (name) => {
    const window = await at(name);
    const first = field().value;
    await window.key('ArrowRight');
    expect(field().value).not.toBe(first);
    expect(stored(window)).toEqual([]);
    await window.key('3');
    expect(stored(window)).toHaveLength(1);
    expect(document.querySelectorAll('.opts input:checked')).toHaveLength(1);
  });

  test('in two columns, down goes to the option below', async () => {
    const window = await at('columns');
    expect(field().value).toBe('apple');
    await window.key('ArrowDown');
    expect(field().value).toBe('peach');
  });

  test('a quick choice goes on by itself', async () => {
    const window = await at('quick');
    await window.key('2');
    await settled();
    expect(stored(window)).toEqual(['pear']);
    expect(page()).toBe('/w/pictures');
  });

  test('a quick choice that is refused stays', async () => {
    const window = await at('quick');
    window.backend.options.beforeAnswer = () => {
      throw new Error('no');
    };
    await window.key('2');
    await settled();
    expect(page()).toBe('/w/quick');
  });

  test('pictures of options are shown', async () => {
    await at('pictures');
    await settled();
    expect(document.querySelectorAll('.opts img')).toHaveLength(4);
  });
});

describe('rank', () => {
  test('digits give the next rank and take it away', async () => {
    const window = await at('rank');
    for (const digit of ['3', '1', '2']) await window.key(digit);
    await window.key('1');
    expect(stored(window)).toEqual(['peach', 'peach apple', 'peach apple pear', 'peach pear']);
    expect(window.at('rank-left').textContent).toContain('2');
  });

  test('quick digits never undo each other', async () => {
    const window = await at('rank');
    void window.key('3');
    void window.key('1');
    await settled();
    expect(stored(window).at(-1)).toBe('peach apple');
  });

  test('Alt with arrows moves the option that has the focus, and the focus stays on it', async () => {
    const window = await at('rank');
    for (const digit of ['1', '2', '3']) await window.key(digit);
    document.querySelector<HTMLElement>('input[value="peach"]')?.focus();
    await window.key('ArrowUp', { altKey: true });
    expect(stored(window).at(-1)).toBe('apple peach pear');
    expect(field().value).toBe('peach');
    await window.key('ArrowUp', { altKey: true });
    await window.key('ArrowUp', { altKey: true });
    expect(stored(window).at(-1)).toBe('peach apple pear');
    await window.key('ArrowDown', { altKey: true });
    expect(stored(window).at(-1)).toBe('apple peach pear');
  });

  test('buttons do the same by touch', async () => {
    const window = await at('rank');
    await window.click('option-plum');
    await window.click('option-apple');
    await window.click('up-apple');
    expect(stored(window)).toEqual(['plum', 'plum apple', 'apple plum']);
  });

  test('arrows go along the lines, Enter goes on', async () => {
    const window = await at('rank');
    await window.key('ArrowDown');
    expect(field().value).toBe('pear');
    await window.key('Enter');
    expect(page()).toBe('/w/scale');
  });
});

describe('ranges', () => {
  test('a number is typed, arrows step', async () => {
    const window = await at('scale');
    await window.type('４');
    await window.key('ArrowUp');
    expect(stored(window)).toEqual(['4', '6']);
    await window.key('ArrowDown');
    await window.key('ArrowDown');
    expect(stored(window).at(-1)).toBe('2');
  });

  test('an empty scale marks nothing, and the first step is where it begins', async () => {
    const window = await at('scale');
    expect(document.querySelector('.here')).toBeNull();
    await window.click('step-up');
    expect(stored(window)).toEqual(['0']);
    expect(document.querySelector('.here')).not.toBeNull();
  });

  test('the digit of a rating is its number', async () => {
    const window = await at('rating');
    await window.key('0');
    await window.key('7');
    expect(stored(window)).toEqual(['0', '7']);
    await window.key('1');
    await window.key('0');
    expect(stored(window).at(-1)).toBe('10');
  });

  test('digits belong to the field of a picker', async () => {
    const window = await at('picker');
    await window.key('4');
    expect(stored(window)).toEqual([]);
    await window.type('8');
    await window.key('Enter');
    expect(stored(window)).toEqual(['8']);
  });
});

describe('numbers and dates', () => {
  test('a counter counts by arrow and by button, not below nothing', async () => {
    const window = await at('counter');
    await window.key('ArrowUp');
    await window.key('ArrowUp');
    await window.click('count-down');
    await window.click('count-down');
    await window.click('count-down');
    expect(stored(window)).toEqual(['1', '2', '1', '0']);
  });

  test('thousands are drawn and never stored', async () => {
    const window = await at('threes');
    await window.type('12345');
    await window.key('Enter');
    expect(stored(window)).toEqual(['12345']);
    await window.key('PageUp');
    expect(field().value).toBe('12,345');
    await window.type('12,346');
    await window.key('Enter');
    expect(stored(window).at(-1)).toBe('12346');
  });

  test.each([
    ['month', '201705', '2017-05-01', '2017-05'],
    ['year', '２０１７', '2017-01-01', '2017'],
  ])('a %s is typed and stored as its first day', async (name, typed, value, shown) => {
    const window = await at(name);
    expect(window.maybe('calendar')).toBeNull();
    await window.type(typed);
    await window.key('Enter');
    expect(stored(window)).toEqual([value]);
    await window.key('PageUp');
    expect(field().value).toBe(shown);
  });

  test('what is masked is no password field, so that Chinese can be typed', async () => {
    await at('masked');
    expect(field().type).toBe('text');
    expect(field().classList).toContain('masked');
  });
});

describe('places', () => {
  test('latitude and longitude make a place; Enter goes from the one to the other', async () => {
    const window = await at('point');
    await window.type('28.9');
    await window.key('Enter');
    expect(stored(window)).toEqual([]);
    expect(field().dataset['testid']).toBe('place-2');
    await window.type('119.8');
    await window.key('Enter');
    expect(stored(window)).toEqual(['28.9 119.8']);
    expect(page()).toBe('/w/trace');
  });

  test('a whole place in the first field fills all', async () => {
    const window = await at('point');
    await window.type('28°54′N, 119.8, 120');
    field().blur();
    await settled();
    expect(stored(window)).toEqual(['28.9 119.8 120']);
    expect((window.at('place-3') as HTMLInputElement).value).toBe('120');
  });

  test('half a place is refused when the interviewer goes on, and stays typed', async () => {
    const window = await at('point');
    await window.type('28.9');
    await window.key('PageDown');
    expect(page()).toBe('/w/point');
    expect(window.maybe('problem')).not.toBeNull();
    expect((window.at('place-1') as HTMLInputElement).value).toBe('28.9');
  });

  test('a place is pointed at on a map by keyboard', async () => {
    const window = await at('point');
    await window.key('m', { altKey: true, code: 'KeyM' });
    await window.found('map');
    expect(window.at('map').querySelectorAll('img').length).toBeGreaterThan(5);
    const middle = window.at('map-place').textContent;
    expect(middle).toBe('28.825 119.75');
    await window.key('PageUp');
    await window.key('ArrowUp');
    await window.key('ArrowRight', { shiftKey: true });
    const place = window.at('map-place').textContent ?? '';
    expect(place).not.toBe(middle);
    await window.key('Enter');
    expect(window.maybe('map-sheet')).toBeNull();
    expect(stored(window)).toEqual([place]);
    expect(page()).toBe('/w/point');
  });

  test('Esc leaves the map and the place as they were', async () => {
    const window = await at('point');
    await window.key('m', { altKey: true, code: 'KeyM' });
    await window.found('map');
    await window.key('Escape');
    expect(window.maybe('map-sheet')).toBeNull();
    expect(stored(window)).toEqual([]);
  });

  test('what a laptop cannot do is said calmly', async () => {
    const window = await at('point');
    expect(window.maybe('notice-place')).not.toBeNull();
  });

  test('a line is stored from its second point on; Alt+N adds', async () => {
    const window = await at('trace');
    await write(window, 'point-1', '28.9 119.8');
    await window.key('n', { altKey: true });
    expect(stored(window)).toEqual([]);
    expect(field().dataset['testid']).toBe('point-2');
    await window.type('28.91，119.8');
    await window.key('Enter');
    await settled();
    expect(stored(window)).toEqual(['28.9 119.8;28.91 119.8']);
    expect(page()).toBe('/w/shape');
  });

  test('points are moved and taken away by keys', async () => {
    const window = await at('trace');
    await write(window, 'point-1', '1 1');
    await window.key('n', { altKey: true });
    await write(window, 'point-2', '2 2');
    await window.key('n', { altKey: true });
    await write(window, 'point-3', '3 3');
    await window.key('ArrowUp', { altKey: true });
    expect(stored(window).at(-1)).toBe('1 1;3 3;2 2');
    expect(field().value).toBe('3 3');
    await window.key('Delete', { altKey: true });
    expect(stored(window).at(-1)).toBe('1 1;2 2');
  });

  test('an area is closed when it is stored', async () => {
    const window = await at('shape');
    await write(window, 'point-1', '1 1');
    for (const [at, text] of [['2', '1 2'], ['3', '2 2']] as const) {
      await window.key('n', { altKey: true });
      await write(window, `point-${at}`, text);
    }
    field().blur();
    await settled();
    expect(stored(window)).toEqual(['1 1;1 2;2 2;1 1']);
    expect(document.querySelectorAll('[data-testid^="point-"]')).toHaveLength(3);
  });

  test('too few points are refused when the interviewer goes on', async () => {
    const window = await at('shape');
    await write(window, 'point-1', '1 1');
    await window.key('PageDown');
    expect(page()).toBe('/w/shape');
    expect(window.maybe('problem')).not.toBeNull();
  });
});

describe('tables', () => {
  test('questions with the same options are one table under their labels', async () => {
    const window = await at('table');
    const table = window.at('choice-table');
    expect([...table.querySelectorAll('thead th')].slice(1).map((one) => one.textContent)).toEqual(['1从来没有', '2有时', '3常常', '4总是']);
    expect([...table.querySelectorAll('tbody [data-item]')].map((one) => (one as HTMLElement).dataset['item'])).toEqual([
      '/w/table/read',
      '/w/table/play',
      '/w/table/cook',
    ]);
  });

  test('digits choose in the row that has the focus, Enter goes to the next row', async () => {
    const window = await at('table');
    await window.key('2');
    await window.key('Enter');
    await window.key('4');
    await window.key('Enter');
    await window.key('1');
    await window.key('Enter');
    expect(window.backend.stored).toEqual([
      { field: '/w/table/read', value: 'some' },
      { field: '/w/table/play', value: 'always' },
      { field: '/w/table/cook', value: 'never' },
    ]);
    expect(field().dataset['field']).toBe('/w/table/after');
  });

  test('arrows go along options and rows', async () => {
    const window = await at('table');
    await window.key('ArrowRight');
    await window.key('ArrowDown');
    expect([field().closest('tr')?.dataset['item'], field().value]).toEqual(['/w/table/play', 'some']);
    expect(stored(window)).toEqual([]);
  });

  test('a required row without an answer says so in the row', async () => {
    const window = await at('table');
    await window.key('PageDown');
    expect(window.at('choice-table').textContent).toContain('一定要答');
  });

  test('questions stand in the columns the form gives', async () => {
    await at('grid');
    const widths = [...document.querySelectorAll<HTMLElement>('.columns .part')].map((one) => one.style.getPropertyValue('--width'));
    expect(widths).toEqual(['1', '3']);
  });
});

describe('words and files', () => {
  test('weight and colour are drawn, tags of the form are words', async () => {
    await at('marked');
    const heading = document.querySelector('h1');
    expect(heading?.querySelector('.strong.tone-cinnabar')?.textContent).toBe('一定');
    expect(heading?.textContent).toContain('<b>看清</b>');
    expect(heading?.querySelector('b')).toBeNull();
  });

  test('a picture is shown; what is not on the laptop is said', async () => {
    const window = await at('marked');
    await settled();
    expect(document.querySelector<HTMLImageElement>('.media img')?.src).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(window.at('media-absent').textContent).toContain('absent.mp3');
  });

  test('guidance stands in the rail', async () => {
    const window = await at('marked');
    expect(window.at('rail-guidance').textContent).toContain('慢慢问');
  });
});

describe('what cannot be asked', () => {
  test('it says so, and Enter goes on', async () => {
    const window = await at('printer');
    expect(window.at('unsupported').textContent).toContain('标签打印机');
    await window.key('Enter');
    expect(page()).toBe('/w/photograph');
  });

  test('the summary tells it', async () => {
    const window = await at('printer');
    await window.click('tree-completion');
    expect(window.at('summary-not-asked').textContent).toContain('打一张标签');
  });
});

test('no widget acts on a key that an input method has', async () => {
  for (const name of ['rank', 'scale', 'counter', 'trace', 'table', 'rating']) {
    const window = await at(name);
    for (const key of ['ArrowUp', 'ArrowDown', '1', 'Enter']) await window.key(key, { keyCode: 229 });
    await window.key('ArrowUp', { isComposing: true });
    expect([stored(window), page()]).toEqual([[], `/w/${name}`]);
    document.body.innerHTML = '';
  }
});
