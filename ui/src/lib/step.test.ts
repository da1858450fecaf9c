import { describe, expect, test } from 'vitest';
import { fake } from './backend/fake';
import type { InterviewView, Item, Step, TreePart } from './ipc/bindings';
import { applyStep } from './step';

async function view(): Promise<InterviewView> {
  return fake().openInterview('i217', 'zh-CN');
}

function step(given: Partial<Step>): Step {
  const status = { saved: '2017-04-12T10:43:00+08:00', answered: 27, total: 40, problems: 0, risks: [], sound: null };
  return { items: [], order: null, rows: null, tree: [], treeOrder: null, status, completion: null, ...given };
}

const item = (one: Item | undefined, changed: Partial<Item>): Item => ({ ...(one as Item), ...changed });

describe('applyStep', () => {
  test('without changes only the bar is new, the lists are the same objects', async () => {
    const before = await view();
    const after = applyStep(before, step({}));
    expect(after.status.answered).toBe(27);
    expect(after.page.items).toBe(before.page.items);
    expect(after.tree).toBe(before.tree);
  });

  test('a changed item is replaced in its place, and the old view stays', async () => {
    const before = await view();
    const after = applyStep(before, step({ items: [item(before.page.items[0], { value: 'home' })] }));
    expect(after.page.items.map((one) => one.value)).toEqual(['home']);
    expect(before.page.items.map((one) => one.value)).toEqual(['province']);
  });

  test('an item that appears stands where the order says, one that went is gone', async () => {
    const before = await view();
    const first = before.page.items[0];
    const two = applyStep(before, step({ items: [item(first, { field: '/new' })], order: ['/new', first?.field ?? ''] }));
    expect(two.page.items.map((one) => one.field)).toEqual(['/new', '/family/mother']);
    const one = applyStep(two, step({ order: ['/family/mother'] }));
    expect(one.page.items.map((left) => left.field)).toEqual(['/family/mother']);
  });

  test('an order may name what nobody sent: it is left out', async () => {
    const after = applyStep(await view(), step({ order: ['/ghost', '/family/mother'] }));
    expect(after.page.items.map((one) => one.field)).toEqual(['/family/mother']);
  });

  test('tree parts change, appear and go', async () => {
    const before = await view();
    const part = before.tree[0] as TreePart;
    const after = applyStep(before, step({ tree: [{ ...part, state: 'problem' }, { ...part, key: '/x' }], treeOrder: ['/x', part.key] }));
    expect(after.tree.map((one) => [one.key, one.state])).toEqual([
      ['/x', part.state],
      [part.key, 'problem'],
    ]);
  });

  test('rows and summary are replaced whole when they come, and stay when they do not', async () => {
    const before = await view();
    const rows = [{ path: '/r[1]', number: 1, title: '', state: 'empty' as const, fields: [], removable: false }];
    const completion = { wrong: [], doubts: [], unanswered: [], notAsked: [], notes: [], reason: null, entities: [], ready: true };
    const after = applyStep(before, step({ rows, completion }));
    expect([after.page.rows, after.page.completion]).toEqual([rows, completion]);
    const later = applyStep(after, step({}));
    expect([later.page.rows, later.page.completion]).toEqual([rows, completion]);
  });
});
