// What stands on the page of an open interview, as a person would say it. Returned to the driver as JSON.
const page = document.querySelector('[data-testid="page"]');
if (!page) return null;
const here = document.activeElement;
const value = (selector, root = document) => root.querySelector(selector);
const controlOf = (root) => {
  const field = value('[data-field]', root);
  if (value('[data-testid="combobox"]', root)) return ['search', []];
  const options = [...root.querySelectorAll('label[data-testid^="option-"]')];
  if (options.length > 0) {
    const kind = value('input[type="checkbox"]', root) ? 'many' : 'one';
    return [kind, options.map((one) => one.dataset.testid.slice('option-'.length))];
  }
  if (value('[data-testid="calendar"]', root)) return ['date', []];
  if (field instanceof HTMLTextAreaElement) return ['area', []];
  if (field instanceof HTMLInputElement) return [field.inputMode === 'numeric' || field.inputMode === 'decimal' ? field.inputMode : 'text', []];
  return ['none', []];
};
const valueOf = (root) => {
  const checked = [...root.querySelectorAll('label[data-testid^="option-"] input:checked')].map((one) => one.value);
  if (checked.length > 0) return checked.join(' ');
  const taken = [...root.querySelectorAll('.taken li')].map((one) => one.innerText.trim());
  if (taken.length > 0) return taken.join(' ');
  return value('[data-testid="field"], [data-testid="combobox"]', root)?.value ?? '';
};
const readonly = (root) =>
  root.querySelector('input:disabled, input[readonly], textarea[readonly], .readonly') !== null;
const items = [...page.querySelectorAll('[data-testid="item"]')].map((root) => {
  const [control, options] = controlOf(root);
  return {
    field: root.dataset.item,
    label: root.querySelector('.label')?.innerText ?? '',
    control,
    options,
    value: valueOf(root),
    readonly: readonly(root),
    wrong: root.querySelector('[id$="-wrong"]')?.innerText ?? '',
    focused: root.contains(here),
  };
});
let line = null;
const answers = page.querySelector('[data-testid="answer-line"]');
if (answers) {
  const buttons = [...answers.querySelectorAll('.codes button')];
  const [control, options] = buttons.length > 0
    ? ['one', buttons.map((one) => one.dataset.testid.slice('option-'.length))]
    : controlOf(answers);
  const cell = page.querySelector('td.cell');
  line = {
    cell: cell?.dataset.cell ?? '',
    shown: cell?.innerText ?? '',
    asks: answers.querySelector('b')?.innerText ?? '',
    control,
    options,
    focused: answers.contains(here) || cell === here,
  };
}
return {
  key: page.dataset.page,
  kind: page.dataset.kind,
  title: page.querySelector('h1')?.innerText ?? '',
  items,
  line,
  rows: page.querySelectorAll('table.grid tbody tr').length,
  language: document.querySelector('[data-testid="form-language"]')?.innerText.trim() ?? '',
  progress: document.querySelector('[data-testid="progress"]')?.innerText ?? '',
  saved: document.querySelector('[data-testid="saved"]')?.dataset.state ?? '',
  refusal: document.querySelector('[data-testid="refusal"]')?.innerText ?? '',
  atNext: here?.dataset?.testid === 'next',
};
