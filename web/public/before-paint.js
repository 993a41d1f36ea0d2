// Ahead of the first paint, so that nothing flashes: the theme and language this browser was last set to. See app/theme.ts, texts/language.ts.
const theme = localStorage.getItem('theme');
const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.classList.add(isDark ? 'wa-dark' : 'wa-light');
document.documentElement.classList.toggle('sw-roomy', localStorage.getItem('density') === 'roomy');
