import type { ReactiveElement } from 'lit';

/** Puts the focus on a control of the library, which can take it only once it has rendered. */
export async function focusOn(element: Element | null | undefined): Promise<void> {
  if (!(element instanceof HTMLElement)) return;
  if (element.localName.includes('-')) {
    await customElements.whenDefined(element.localName);
    await (element as Partial<ReactiveElement>).updateComplete;
  }
  element.focus();
}
