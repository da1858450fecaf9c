// What the person set for the window: language, theme, text size. Kept in memory only; the web view has no storage.
import type { Lang } from './backend/backend';

export type Theme = 'system' | 'light' | 'dark' | 'contrast';

export const themes: readonly Theme[] = ['system', 'light', 'dark', 'contrast'];
export const textScales: readonly number[] = [1, 1.125, 1.25, 1.5];

class Ui {
  lang = $state<Lang>('zh-CN');
  theme = $state<Theme>('system');
  scale = $state(1);

  switchLang(): void {
    this.lang = this.lang === 'zh-CN' ? 'en' : 'zh-CN';
  }

  nextScale(): void {
    this.scale = textScales[(textScales.indexOf(this.scale) + 1) % textScales.length] ?? 1;
  }

  /** Writes the settings on the root element. Call inside an effect. */
  apply(root: HTMLElement): void {
    root.lang = this.lang;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
    root.style.setProperty('--text-scale', String(this.scale));
  }
}

export const ui = new Ui();
