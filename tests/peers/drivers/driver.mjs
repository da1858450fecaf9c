// @getodk/xforms-engine (ODK Web Forms), driven by JSON lines under Node with jsdom.
//
//   node driver.mjs NODE_MODULES          one answer line for each request line
//   node driver.mjs NODE_MODULES --time   the same acts, measured
//
// NODE_MODULES is the folder that holds @getodk/xforms-engine 0.22.0 and jsdom. Requests, answers and the measured mode
// are those of Driver.java, word for word; set TZ to fix the time zone.
//
// The engine is written for browsers: jsdom's DOM classes become globals, and while it is imported Node must look like a
// browser, or its WebAssembly parser takes a path that was stubbed out.

import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = resolve(process.argv[2] ?? 'node_modules');
const timed = process.argv.includes('--time');
const engine = await load_engine();

async function load_engine() {
  const { JSDOM } = createRequire(`${modules}/`)('jsdom');
  const { window } = new JSDOM('', { url: 'http://localhost/' });
  const given = ['Attr', 'CDATASection', 'CharacterData', 'Comment', 'Document', 'DOMParser', 'Element', 'HTMLElement', 'Node',
    'NodeFilter', 'ProcessingInstruction', 'Text', 'XMLDocument', 'XMLSerializer', 'XPathEvaluator', 'XPathExpression',
    'XPathResult', 'File', 'Blob', 'FormData', 'FileReader'];
  for (const name of given) {
    if (window[name]) globalThis[name] = window[name];
  }
  globalThis.document = window.document;
  globalThis.window = window;
  for (const name of ['WebAssembly', 'TextDecoder', 'TextEncoder', 'fetch', 'crypto']) window[name] ??= globalThis[name];
  const versions = process.versions;
  Object.defineProperty(process, 'versions', { value: { ...versions, node: undefined }, configurable: true });
  try {
    return await import(pathToFileURL(`${modules}/@getodk/xforms-engine/dist/index.js`));
  } finally {
    Object.defineProperty(process, 'versions', { value: versions, configurable: true });
  }
}

let root = null;

async function load(file) {
  const result = await engine.loadForm(readFileSync(file, 'utf8'));
  if (!result.createInstance) throw new Error(String(result.error?.message ?? result.status));
  root = result.createInstance({ preloadProperties: { deviceID: 'device-1', username: 'xiaoman' } }).root;
}

/** Goes on with a submission, as Web Forms does with a draft: `xml_submission_file` is its name in OpenRosa's requests. */
async function restore(file, submission) {
  const result = await engine.loadForm(readFileSync(file, 'utf8'));
  if (!result.restoreInstance) throw new Error(String(result.error?.message ?? result.status));
  const xml = readFileSync(submission, 'utf8');
  const part = new File([xml], 'xml_submission_file', { type: 'text/xml' });
  part.text ??= async () => xml;
  const data = new FormData();
  data.set('xml_submission_file', part);
  const get = data.get.bind(data);
  data.get = (name) => (name === 'xml_submission_file' ? part : get(name));
  const restored = await result.restoreInstance({ data: [data] }, { preloadProperties: { deviceID: 'device-1', username: 'xiaoman' } });
  root = restored.root;
}

function language(name) {
  const found = root.languages.find((known) => known.language === name);
  if (!found) throw new Error(`no language ${name}`);
  root.setLanguage(found);
}

/** The node at a path; `/people` is the repeat, `/people[2]` one of its rows. */
function find(path) {
  let node = root;
  for (const step of path.split('/').filter(Boolean)) {
    const [, name, row] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step);
    node = node.currentState.children.find((child) => name_of(child) === name);
    if (node && row) node = node.currentState.children[Number(row) - 1];
    if (!node) throw new Error(`nothing is at ${path}`);
  }
  return node;
}

function name_of(node) {
  return /([^/[]+)(?:\[\d+\])?$/.exec(node.currentState.reference)[1];
}

function answer(path, text) {
  const node = find(path);
  switch (node.nodeType) {
    case 'select':
      if (node.selectType === 'select1') node.selectValue(text || null);
      else node.selectValues(text ? text.split(' ') : []);
      break;
    case 'rank':
      node.setValues(text ? text.split(' ') : []);
      break;
    case 'trigger':
      node.setValue(text !== '');
      break;
    case 'upload':
      throw new Error('files are not given here');
    case 'input':
    case 'range':
      node.setValue(text);
      break;
    default:
      throw new Error(`no answer is taken at ${path}: ${node.nodeType}`);
  }
}

function add(path) {
  const repeat = find(path);
  if (repeat.nodeType !== 'repeat-range:uncontrolled') throw new Error(`no row can be added to ${path}`);
  repeat.addInstances();
}

function remove(path) {
  const [, repeat, row] = /^(.*)\[(\d+)\]$/.exec(path);
  find(repeat).removeInstances(Number(row) - 1);
}

async function act(request) {
  if ('restore' in request) await restore(request.restore, request.submission);
  else if ('load' in request) {
    await load(request.load);
    if ('language' in request) language(request.language);
  } else if ('answer' in request) answer(request.answer, request.value);
  else if ('add' in request) add(request.add);
  else if ('remove' in request) remove(request.remove);
  else if ('language' in request) language(request.language);
  else throw new Error('no such request');
}

// State

function state() {
  const nodes = [];
  for (const child of root.currentState.children) describe(child, '', nodes);
  return { done: true, nodes };
}

function describe(node, above, into) {
  const at = node.currentState;
  if (node.nodeType.startsWith('repeat-range')) {
    at.children.forEach((row, index) => {
      const path = `${above}/${name_of(node)}[${index + 1}]`;
      into.push({ ...flags(row, path), label: text(at.label ?? row.currentState.label) });
      for (const child of row.currentState.children) describe(child, path, into);
    });
    return;
  }
  const path = `${above}/${name_of(node)}`;
  const found = flags(node, path);
  if (at.relevant && node.nodeType !== 'model-value') {
    found.label = text(at.label);
    if (at.valueOptions) found.options = at.valueOptions.map((option) => [option.value, text(option.label)]);
  }
  into.push(found);
  for (const child of at.children ?? []) describe(child, path, into);
}

function text(range) {
  return range?.asString ?? '';
}

function flags(node, path) {
  const at = node.currentState;
  const violation = node.validationState?.violation ?? null;
  let fault = '';
  if (violation && at.relevant) fault = violation.condition === 'required' ? 'missing' : 'constraint';
  return { path, value: value(node), relevant: at.relevant, required: at.required, readonly: at.readonly, fault };
}

/** The value as it stands in the submission. */
function value(node) {
  if (node.currentState.children) return '';
  return node.currentState.instanceValue ?? '';
}

// Time

async function measure(request) {
  const load_act = 'load' in request;
  const rows = 'add' in request || 'remove' in request;
  const times = request.times ?? (load_act ? 5 : rows ? 1 : 100);
  const warmup = request.warmup ?? (load_act ? 2 : rows ? 0 : 20);
  const values = request.values ?? [request.value ?? ''];
  const took = [];
  let read;
  let offered;
  for (let turn = -warmup; turn < times; turn++) {
    const given = values[(turn + warmup) % values.length];
    const began = performance.now();
    if ('answer' in request) answer(request.answer, given);
    else await act(request);
    if ('options' in request) offered = find(request.options).currentState.valueOptions.length;
    if ('read' in request) read = value(find(request.read));
    if (turn >= 0) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const name = request.name ?? (load_act ? 'load' : 'answer' in request ? `answer ${request.answer}` : 'add' in request ? `add ${request.add}` : `remove ${request.remove}`);
  return { step: name, n: times, p50_ms: took[(times - 1) >> 1], p95_ms: took[Math.ceil(times * 0.95) - 1], value: read, options: offered };
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  let reply;
  try {
    const request = JSON.parse(line);
    if (timed) reply = await measure(request);
    else {
      await act(request);
      reply = state();
    }
  } catch (why) {
    reply = { done: false, why: String(why?.message ?? why) };
    if (process.env.TRACE) console.error(why);
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
