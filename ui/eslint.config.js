import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const shell = {
  group: ['@tauri-apps/*'],
  message: 'Only src/lib/backend/tauri.ts speaks to the shell; screens use the Backend interface.',
};
const layer = (group, message) => ({ group, message });

// One module listens to keys, so that the guard for input methods cannot be forgotten anywhere.
const keyListeners = [
  {
    selector: "CallExpression[callee.property.name='addEventListener'][arguments.0.value=/^key/]",
    message: 'Listen to keys through src/lib/keys only.',
  },
  {
    selector: 'SvelteAttribute[key.name=/^onkey/], SvelteShorthandAttribute[key.name=/^onkey/]',
    message: 'Listen to keys through src/lib/keys only.',
  },
  {
    selector: "SvelteDirective[kind='EventHandler'][key.name.name=/^key/]",
    message: 'Listen to keys through src/lib/keys only.',
  },
  {
    selector: "SvelteAttribute[key.name='style']",
    message: 'A static style attribute is refused by the policy of the window; use a class or style:property.',
  },
];

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/lib/ipc/bindings.ts', 'src/lib/strings/keys.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      'no-restricted-imports': ['error', { patterns: [shell] }],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/ipc/bindings'], allowTypeImports: true, message: shell.message }] },
      ],
      'no-restricted-syntax': ['error', ...keyListeners],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'The web view keeps nothing.' },
        { name: 'sessionStorage', message: 'The web view keeps nothing.' },
        { name: 'fetch', message: 'The window has no network; Rust does it.' },
      ],
    },
  },
  {
    files: ['src/shared/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [shell, layer(['**/domain/**', '**/views/**'], 'shared knows neither domain nor views.')] },
      ],
    },
  },
  {
    files: ['src/domain/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [shell, layer(['**/views/**'], 'domain does not know views.')] }],
    },
  },
  { files: ['src/lib/backend/tauri.ts'], rules: { 'no-restricted-imports': 'off', '@typescript-eslint/no-restricted-imports': 'off' } },
  { files: ['src/lib/keys/**'], rules: { 'no-restricted-syntax': 'off' } },
);
