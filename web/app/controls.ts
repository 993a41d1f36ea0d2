import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import '@awesome.me/webawesome/dist/translations/en.js';
import '@awesome.me/webawesome/dist/translations/zh-cn.js';
import { icons } from '../elements/icons.ts';

/** Has controls of the component library draw their icons from ours; by default they would be fetched from another server. */
export function useOwnIcons(): void {
  registerIconLibrary('default', { resolver: (name) => `data:image/svg+xml,${encodeURIComponent(drawing(name))}` });
}

function drawing(name: string): string {
  const shapes = (Object.hasOwn(icons, name) ? icons[name as keyof typeof icons] : [])
    .map(
      ([tag, attributes]) =>
        `<${tag} ${Object.entries(attributes)
          .map(([key, value]) => `${key}="${value}"`)
          .join(' ')}/>`,
    )
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</svg>`;
}
