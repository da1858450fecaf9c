// One invented question of each kind, for tests of the widgets and for looking at them in a browser (`?widgets`).
import type { CaptureKind, Choice, Control, Range, SelectLook } from '../ipc/bindings';
import type { FakePage, FakeQuestion, FakeSection, Text } from './fakeForm';

type Lang = keyof Text;

/** What the invented desk gives for a picture. */
export const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60" fill="#1d6046"/></svg>';

const text = (zh: string, en: string): Text => ({ zh, en });

const fruit: [string, string, string][] = [
  ['apple', '苹果', 'Apple'],
  ['pear', '梨', 'Pear'],
  ['peach', '桃', 'Peach'],
  ['plum', '李子', 'Plum'],
];
const often: [string, string, string][] = [
  ['never', '从来没有', 'Never'],
  ['some', '有时', 'Sometimes'],
  ['often', '常常', 'Often'],
  ['always', '总是', 'Always'],
];

function options(list: [string, string, string][], lang: Lang, pictures = false): Choice[] {
  return list.map(([value, zh, en]) => ({
    value,
    label: lang === 'zh' ? zh : en,
    words: [],
    peek: lang === 'zh' ? en : zh,
    media: pictures ? [{ kind: 'image', file: `${value}.svg` }] : [],
  }));
}

const one = (look: SelectLook, list = fruit, quick = false, pictures = false) => (lang: Lang): Control => ({
  kind: 'selectOne',
  options: options(list, lang, pictures),
  look,
  quick,
});

const range = (more: Partial<Range>) => (): Control => ({
  kind: 'range',
  start: '0',
  end: '10',
  step: '2',
  whole: true,
  look: 'scale',
  ticks: true,
  tickInterval: '',
  labels: [],
  placeholder: '',
  ...more,
});

const file = (of: CaptureKind) => (): Control => ({
  kind: 'capture',
  of,
  front: false,
  largest: 1 << 25,
  maxPixels: 0,
  bits: 0,
  file: null,
  unfinished: of === 'recording' ? { id: 7, length: 300_000, at: '2017-04-12T10:31:00+08:00' } : null,
  withheld: '',
});

const always = (control: Control) => () => control;

function page(name: string, zh: string, en: string, control: FakeQuestion['control'], more: FakeQuestion['more'] = {}): FakePage {
  const question = { name, label: text(`${zh}？`, `${en}?`), control, more };
  return { key: `/w/${name}`, kind: 'question', short: text(zh, en), questions: [question] };
}

const inTable = (name: string, zh: string, en: string): FakeQuestion => ({ name, label: text(zh, en), control: one('bare', often), required: name === 'read' });

export const widgets: FakeSection = {
  key: '/w',
  title: text('W 各种题', 'W Every kind'),
  pages: [
    page('likert', '同意吗', 'Do you agree', one('likert', often)),
    page('columns', '分两列', 'In two columns', one({ columns: 2 })),
    page('pack', '排在一起', 'Packed', one('pack')),
    page('quick', '选了就走', 'On at once', one('list', fruit, true)),
    page('pictures', '看图选', 'By picture', one({ columns: 2 }, fruit, false, true)),
    page('rank', '排个顺序', 'Put in order', (lang) => ({ kind: 'rank', options: options(fruit, lang) })),
    page('scale', '打几分', 'How much', range({})),
    page('rating', '几颗星', 'How many stars', range({ start: '0', end: '10', step: '1', look: 'rating' })),
    page('picker', '挑一个数', 'Pick a number', range({ look: 'picker' })),
    page('counter', '数一数', 'Count', always({ kind: 'integer', thousands: false, counter: true })),
    page('threes', '多少钱', 'How much money', always({ kind: 'integer', thousands: true, counter: false })),
    page('month', '哪年哪月', 'Which month', always({ kind: 'date', parts: 'month' })),
    page('year', '哪一年', 'Which year', always({ kind: 'date', parts: 'year' })),
    page('code', '条码', 'Bar code', always({ kind: 'code', front: false, masked: false })),
    page('masked', '悄悄写', 'In secret', always({ kind: 'text', multiline: false, rows: 0, form: 'masked' })),
    page('point', '在哪里', 'Where', always({ kind: 'place', shape: 'point' }), { notices: ['place'] }),
    page('trace', '怎么走', 'Which way', always({ kind: 'place', shape: 'trace' })),
    page('shape', '哪块地', 'Which field', always({ kind: 'place', shape: 'shape' })),
    page('printer', '打一张标签', 'Print a label', always({ kind: 'unsupported', what: 'printing' })),
    page('photograph', '拍一张', 'Take a picture', file('photograph')),
    page('annotation', '圈一圈', 'Mark it', file('annotation')),
    page('signature', '签名', 'Sign', file('signature')),
    page('voice', '录一段', 'Record', file('recording')),
    page('paper', '附一份', 'Attach', file('file')),
    page('marked', '有样式', 'Marked up', 'text', {
      labelWords: [
        {
          kind: 'paragraph',
          runs: [
            { text: '一定', strong: true, stress: false, tone: 'cinnabar', link: '' },
            { text: '<b>看清</b>', strong: false, stress: false, tone: 'ink', link: '' },
          ],
        },
      ],
      guidance: [{ kind: 'paragraph', runs: [{ text: '慢慢问', strong: false, stress: false, tone: 'ink', link: '' }] }],
      media: [
        { kind: 'image', file: 'village.svg' },
        { kind: 'audio', file: 'absent.mp3' },
      ],
    }),
    {
      key: '/w/table',
      kind: 'group',
      title: text('平时在家', 'At home'),
      short: text('表格', 'Table'),
      questions: [
        { name: 'head', label: text('多常', 'How often'), control: (lang) => ({ kind: 'optionLabels', options: options(often, lang) }) },
        inTable('read', '看书', 'Read books'),
        inTable('play', '一起玩', 'Play together'),
        inTable('cook', '做饭', 'Cook'),
        { name: 'after', label: text('还有呢', 'And else'), control: 'text' },
      ],
    },
    {
      key: '/w/grid',
      kind: 'group',
      columns: 4,
      title: text('分格', 'In columns'),
      short: text('分格', 'Columns'),
      questions: [
        { name: 'left', label: text('左', 'Left'), control: 'integer', more: { width: 1 } },
        { name: 'right', label: text('右', 'Right'), control: 'integer', more: { width: 3 } },
      ],
    },
  ],
};
