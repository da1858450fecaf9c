// An invented questionnaire (示例) for tests and for looking at the window in a browser. Not a survey instrument.
import type { Choice, Control, Item, NonAnswer } from '../ipc/bindings';

export interface Text {
  zh: string;
  en: string;
}

export interface FakeQuestion {
  name: string;
  label: Text;
  hint?: Text;
  control: 'text' | 'long' | 'integer' | 'date' | 'one' | 'many' | 'search' | 'note' | 'acknowledge' | 'shown' | 'strange' | ((lang: 'zh' | 'en') => Control);
  /** What else the screen is told. */
  more?: Partial<Item>;
  list?: keyof typeof lists;
  required?: boolean;
  /** Asked only if another answer is one of these. */
  when?: { name: string; is: string[] };
  /** Largest number that is possible; for dates, today is the last one. */
  most?: { value: number; message: Text };
  /** A number above it should be looked at again. */
  unusual?: { value: number; message: Text };
  nonAnswers?: NonAnswer[];
}

export interface FakePage {
  key: string;
  columns?: number;
  kind: 'question' | 'group' | 'repeat';
  title?: Text;
  short: Text;
  questions: FakeQuestion[];
}

export interface FakeSection {
  key: string;
  title: Text;
  pages: FakePage[];
  /** The whole section is asked only then. */
  when?: { name: string; is: string[] };
}

const text = (zh: string, en: string): Text => ({ zh, en });
const option = (value: string, zh: string, en: string) => ({ value, label: text(zh, en) });

const places = [
  option('home', '在家', 'At home'),
  option('county', '本县其他乡镇', 'Another township of this county'),
  option('province', '浙江省内其他县市', 'Another county or city in Zhejiang'),
  option('other_province', '其他省、自治区、直辖市', 'Another province, region or municipality'),
  option('abroad', '国外', 'Abroad'),
  option('died', '已经去世', 'Has died'),
  option('other', '其他，请说明', 'Somewhere else, please say where'),
];

export const lists = {
  places,
  sex: [option('f', '女', 'Girl'), option('m', '男', 'Boy')],
  sexAdult: [option('f', '女', 'F'), option('m', '男', 'M')],
  grade: [1, 2, 3, 4, 5, 6].map((grade) => option(`g${grade}`, `${'一二三四五六'[grade - 1] ?? ''}年级`, `Grade ${grade}`)),
  short: [
    option('home', '在家', 'Home'),
    option('county', '本县', 'County'),
    option('province', '省内', 'Zhejiang'),
    option('other_province', '外省', 'Other prov.'),
    option('abroad', '国外', 'Abroad'),
    option('died', '去世', 'Died'),
  ],
  care: [option('main', '主要照料', 'Mainly'), option('some', '有时', 'Sometimes'), option('no', '不', 'No')],
  contact: [
    option('phone', '打电话', 'Phone'),
    option('video', '视频', 'Video'),
    option('message', '发消息', 'Messages'),
    option('letter', '写信', 'Letters'),
    option('visit', '去看他们', 'Visiting them'),
    option('none', '没有联系', 'No contact'),
  ],
  months: Array.from({ length: 12 }, (_, at) => option(`m${at + 1}`, `${at + 1} 月`, `Month ${at + 1}`)),
  schools: [
    ['石塘小学', 'Shitang Primary'],
    ['柳溪小学', 'Liuxi Primary'],
    ['青山小学', 'Qingshan Primary'],
    ['竹坑小学', 'Zhukeng Primary'],
    ['云岭小学', 'Yunling Primary'],
    ['白沙小学', 'Baisha Primary'],
    ['松门中心小学', 'Songmen Central Primary'],
    ['桃园小学', 'Taoyuan Primary'],
    ['枫林小学', 'Fenglin Primary'],
    ['双桥小学', 'Shuangqiao Primary'],
    ['大溪小学', 'Daxi Primary'],
    ['新河小学', 'Xinhe Primary'],
    ['箬横小学', 'Ruoheng Primary'],
    ['东坞小学', 'Dongwu Primary'],
  ].map(([zh, en], at) => option(`s${at + 1}`, `${zh ?? ''}（示例）`, `${en ?? ''} (example)`)),
} satisfies Record<string, { value: string; label: Text }[]>;

const away = ['county', 'province', 'other_province', 'abroad', 'other'];

export const title = text('学生问卷（示例）', 'Pupil questionnaire (example)');

export const sections: FakeSection[] = [
  {
    key: '/basics',
    title: text('A 基本情况', 'A Basics'),
    pages: [
      page('/basics/hello', '访谈开始', 'Before you begin', {
        name: 'hello',
        label: text('先向孩子说明：不想答的题可以不答，随时可以停。', 'Tell the child first: no question has to be answered, and you can stop at any time.'),
        control: 'acknowledge',
      }),
      page('/basics/sex', 'A1 性别', 'A1 Sex', { name: 'sex', label: text('A1 孩子的性别', 'A1 Is the child a girl or a boy?'), control: 'one', list: 'sex', required: true }),
      page('/basics/born', 'A2 出生日期', 'A2 Date of birth', { name: 'born', label: text('A2 出生日期', 'A2 Date of birth'), control: 'date', required: true }),
      page('/basics/grade', 'A3 年级', 'A3 Grade', { name: 'grade', label: text('A3 现在上几年级？', 'A3 Which grade?'), control: 'one', list: 'grade' }),
      page('/basics/school', 'A4 学校', 'A4 School', { name: 'school', label: text('A4 在哪个学校上学？', 'A4 Which school?'), control: 'search', list: 'schools' }),
    ],
  },
  {
    key: '/family',
    title: text('B 家庭与外出', 'B Family and migration'),
    pages: [
      {
        key: '/family/people',
        kind: 'repeat',
        short: text('B1 家里还有谁', 'B1 People in the home'),
        title: text('B1 家里还有谁？一个一个说给我听。', 'B1 Who else is in the family? Tell me one by one.'),
        questions: [
          { name: 'relation', label: text('与孩子的关系', 'Relation to the child'), control: 'text', required: true },
          { name: 'sex', label: text('性别', 'Sex'), control: 'one', list: 'sexAdult' },
          {
            name: 'year',
            label: text('出生年', 'Year of birth'),
            control: 'integer',
            most: { value: 2017, message: text('出生年还没到', 'This year has not come yet') },
          },
          { name: 'place', label: text('现在住哪里', 'Lives where now'), control: 'one', list: 'short' },
          { name: 'away', label: text('外出几个月', 'Months away'), control: 'integer', when: { name: 'place', is: ['county', 'province', 'other_province', 'abroad'] } },
          { name: 'care', label: text('平时照料孩子', 'Cares for the child'), control: 'one', list: 'care' },
        ],
      },
      page('/family/father', 'B2 爸爸在哪里', 'B2 Where father is', {
        name: 'father',
        label: text('B2 爸爸现在在哪里工作或生活？', 'B2 Where does your father live or work now?'),
        control: 'one',
        list: 'places',
        required: true,
      }),
      page('/family/father_months', 'B3 爸爸外出多久', 'B3 How long father away', {
        name: 'father_months',
        label: text('B3 爸爸外出多少个月了？', 'B3 How many months has your father been away?'),
        control: 'integer',
        when: { name: 'father', is: away },
      }),
      page('/family/mother', 'B4 妈妈在哪里', 'B4 Where mother is', {
        name: 'mother',
        label: text('B4 妈妈现在在哪里工作或生活？', 'B4 Where does your mother live or work now?'),
        hint: text('读给孩子听。妈妈有几个地方时，选上个月住得最久的。', 'Read aloud. If she lives in several places, choose where she spent most of last month.'),
        control: 'one',
        list: 'places',
        required: true,
      }),
      page('/family/mother_months', 'B5 妈妈外出多久', 'B5 How long mother away', {
        name: 'mother_months',
        nonAnswers: ['dontKnow', 'refused'],
        unusual: { value: 60, message: text('超过五年了，请再看一眼', 'More than five years, please look again') },
        label: text('B5 妈妈外出多少个月了？', 'B5 How many months has your mother been away?'),
        control: 'integer',
        when: { name: 'mother', is: away },
      }),
      page('/family/month', 'B6 几月回来', 'B6 Month of return', {
        name: 'month',
        label: text('B6 他们一般几月回来？', 'B6 In which month do they usually come back?'),
        control: 'one',
        list: 'months',
      }),
    ],
  },
  {
    key: '/contact',
    title: text('C 照料与联系', 'C Care and contact'),
    pages: [
      page('/contact/ways', 'C1 怎么联系', 'C1 Ways of contact', {
        name: 'ways',
        label: text('C1 你和爸爸妈妈怎么联系？', 'C1 How do you keep in touch with your parents?'),
        hint: text('可以选几个。', 'Several may be chosen.'),
        control: 'many',
        list: 'contact',
      }),
      {
        key: '/contact/father',
        kind: 'group',
        short: text('C2 与爸爸的联系', 'C2 Contact with father'),
        title: text('C2 与爸爸的联系', 'C2 Contact with your father'),
        questions: [
          {
            name: 'calls',
            label: text('C2.1 上个月，爸爸打来电话或视频几次？', 'C2.1 How many times did he call last month?'),
            control: 'integer',
            most: { value: 200, message: text('最多 200 次，请再问一遍', 'At most 200, please ask again') },
          },
          {
            name: 'seen',
            label: text('C2.2 最近一次见到爸爸是哪天？', 'C2.2 When did you last see your father?'),
            control: 'date',
            most: { value: 0, message: text('这一天还没到', 'This day has not come yet') },
          },
          {
            name: 'talk',
            label: text('C2.3 你们一般聊些什么？', 'C2.3 What do you usually talk about?'),
            hint: text('尽量用孩子的原话。', 'In the child’s own words as far as you can.'),
            control: 'long',
          },
        ],
      },
      page('/contact/status', 'C3 父母情况', 'C3 Parents', { name: 'status', label: text('C3 父母外出的人数', 'C3 Parents away'), control: 'shown' }),
      page('/contact/picture', 'C4 画一画', 'C4 Drawing', { name: 'picture', label: text('C4 画一画你的家', 'C4 Draw your home'), control: 'strange' }),
    ],
  },
  {
    key: '/boarding',
    title: text('G 寄宿', 'G Boarding'),
    when: { name: 'grade', is: ['g5', 'g6'] },
    pages: [page('/boarding/bed', 'G1 寄宿', 'G1 Boarding', { name: 'bed', label: text('G1 在学校睡得好吗？', 'G1 Do you sleep well at school?'), control: 'text' })],
  },
];

function page(key: string, zh: string, en: string, question: FakeQuestion): FakePage {
  return { key, kind: 'question', short: text(zh, en), questions: [question] };
}

/** How the question is answered, in the shown language. */
export function controlOf(question: FakeQuestion, lang: 'zh' | 'en'): Control {
  const other = lang === 'zh' ? 'en' : 'zh';
  const options: Choice[] = question.list
    ? lists[question.list].map((one) => ({ value: one.value, label: one.label[lang], words: [], peek: one.label[other], media: [] }))
    : [];
  if (typeof question.control === 'function') return question.control(lang);
  switch (question.control) {
    case 'text':
      return { kind: 'text', multiline: false, rows: 0, form: 'plain' };
    case 'long':
      return { kind: 'text', multiline: true, rows: 0, form: 'plain' };
    case 'integer':
      return { kind: 'integer', thousands: false, counter: false };
    case 'date':
      return { kind: 'date', parts: 'day' };
    case 'note':
    case 'acknowledge':
    case 'shown':
      return { kind: question.control };
    case 'one':
      return { kind: 'selectOne', options, look: 'list', quick: false };
    case 'search':
      return { kind: 'selectOne', options, look: 'search', quick: false };
    case 'many':
      return { kind: 'selectMany', options, look: 'list' };
    case 'strange':
      return { kind: 'unsupported', what: 'printing' };
  }
}
