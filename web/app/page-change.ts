/** What a change of the page owes to who cannot see it happen, and to who comes back. */

const headingWaitMs = 3000;

/** Puts the focus on the heading of the page that was just shown, which screen readers then read; on the content when it has none. */
export async function focusHeading(main: HTMLElement, isStill: () => boolean): Promise<void> {
  const end = performance.now() + headingWaitMs;
  for (;;) {
    const heading = headingIn(main);
    if (!isStill() || hasFocusInside(main)) return;
    if (heading) return heading.focus({ preventScroll: true });
    if (performance.now() > end) return main.focus({ preventScroll: true });
    await new Promise((done) => setTimeout(done, 50));
  }
}

function headingIn(root: ParentNode): HTMLElement | undefined {
  for (const one of root.querySelectorAll<HTMLElement>('*')) {
    if (one.localName === 'h1') return one;
    const found = one.shadowRoot && headingIn(one.shadowRoot);
    if (found) return found;
  }
  return undefined;
}

/** A page that put the focus somewhere itself knows better. */
function hasFocusInside(main: HTMLElement): boolean {
  const root = main.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : undefined;
  return active instanceof HTMLElement && active !== main && main.contains(active);
}

/** Where a step of the history was scrolled to. */
interface Step {
  readonly scroll?: number;
}

/** Keeps with the step that is left how far its page was scrolled. */
export function keepScroll(main: HTMLElement | null): void {
  if (main) history.replaceState({ ...(history.state as Step | null), scroll: main.scrollTop }, '');
}

/** Scrolls back to where the page was left, once it is as long again. */
export async function restoreScroll(main: HTMLElement, isStill: () => boolean): Promise<void> {
  const wanted = (history.state as Step | null)?.scroll ?? 0;
  for (let tries = 0; tries < 40 && isStill(); tries += 1) {
    main.scrollTop = wanted;
    if (Math.abs(main.scrollTop - wanted) < 2) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
