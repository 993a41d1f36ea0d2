const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//],
];
const systems: readonly (readonly [string, RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
];

/** Pure: `Firefox 131, Linux` of what a browser says of itself; the beginning of it where it is none that is known; '' for nothing. */
export function browserName(userAgent: string): string {
  const [name, pattern] = browsers.find(([, one]) => one.test(userAgent)) ?? [];
  if (!name || !pattern) return userAgent.slice(0, 40);
  const system = systems.find(([, one]) => one.test(userAgent))?.[0];
  return [`${name} ${pattern.exec(userAgent)?.[1]}`, system].filter((part) => part !== undefined).join(', ');
}
