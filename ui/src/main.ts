import { mount } from 'svelte';
import App from './App.svelte';
import type { Backend } from './lib/backend/backend';
import './styles/tokens.css';
import './styles/look.css';

async function backend(): Promise<Backend> {
  // In a plain browser (`npm run dev`) an invented desk stands in for the shell; it is not part of the built window.
  if (import.meta.env.DEV || import.meta.env.MODE === 'fake') {
    if (!('__TAURI_INTERNALS__' in window)) return (await import('./lib/backend/fake')).fake(location.search);
  }
  return (await import('./lib/backend/tauri')).shell();
}

const target = document.getElementById('app');
if (target) mount(App, { target, props: { backend: await backend() } });
