import { Stored } from '../data/stored.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const system = matchMedia('(prefers-color-scheme: dark)');

/** What the person chose; before-paint.js reads it before anything is shown. */
export const theme = new Stored<Theme>(themes.find((one) => one === localStorage.getItem('theme')) ?? 'system');

/** Whether the page is dark now, for what draws its own colours. */
export const isDark = new Stored<boolean>(isDarkNow());

export function setTheme(chosen: Theme): void {
  localStorage.setItem('theme', chosen);
  theme.set(chosen);
  apply();
}

function apply(): void {
  const { classList } = document.documentElement;
  classList.toggle('wa-dark', isDarkNow());
  classList.toggle('wa-light', !isDarkNow());
  isDark.set(isDarkNow());
}

function isDarkNow(): boolean {
  return theme.value === 'dark' || (theme.value === 'system' && system.matches);
}

system.addEventListener('change', apply);
