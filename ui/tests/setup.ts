import { afterEach } from 'vitest';
import { ui } from '../src/lib/ui.svelte';

// jsdom draws nothing: what a window has and it lacks is left out quietly.
Element.prototype.scrollIntoView ??= () => {};

afterEach(() => {
  ui.lang = 'zh-CN';
  ui.theme = 'system';
  ui.scale = 1;
});
