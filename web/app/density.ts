import { Stored } from '../data/stored.ts';

export const densities = ['dense', 'roomy'] as const;
export type Density = (typeof densities)[number];

/** How close rows and controls stand; before-paint.js reads it before anything is shown. */
export const density = new Stored<Density>(densities.find((one) => one === localStorage.getItem('density')) ?? 'dense');

export function setDensity(chosen: Density): void {
  localStorage.setItem('density', chosen);
  document.documentElement.classList.toggle('sw-roomy', chosen === 'roomy');
  density.set(chosen);
}
