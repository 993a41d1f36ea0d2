/** What a browser calls itself, without all it claims to be like. */
export function browserOf(userAgent: string): string {
  const browser =
    /(?:Edg|OPR|Firefox)\/[\d]+/.exec(userAgent) ??
    /(?:HeadlessChrome|Chrome)\/[\d]+/.exec(userAgent) ??
    /Version\/[\d]+(?=.*Safari)/.exec(userAgent);
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/.exec(userAgent)?.[0];
  if (!browser) return userAgent.slice(0, 40);
  const named = browser[0].replace('Edg/', 'Edge ').replace('OPR/', 'Opera ').replace('Version/', 'Safari ').replace('/', ' ');
  return [named, system].filter(Boolean).join(', ');
}
