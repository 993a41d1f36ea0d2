import { css, html, nothing } from 'lit';
import { cloudStates } from '../data/cloud-states.ts';
import { may } from '../data/session.ts';
import { follow, Stored } from '../data/stored.ts';
import { base, define, SwElement } from '../elements/element.ts';
import '../elements/icon.ts';
import { firstRunTexts as t } from '../texts/first-run.ts';
import { frameTexts } from '../texts/frame.ts';
import { here, navigate } from './router.ts';

const key = 'sandbox hint';
const isHidden = new Stored(localStorage.getItem(key) === 'hidden');

/** Leads on the overview to the first cloud of one's own, for as long as there is none: at once when there is no cloud at all. */
export class SwSandboxHint extends SwElement {
  static override styles = [
    base,
    css`
      .hint {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-2xs) var(--wa-space-s);
        margin-block-end: var(--wa-space-s);
        padding: var(--wa-space-2xs) var(--wa-space-s);
        border: 1px solid var(--wa-color-brand-border-quiet);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-brand-fill-quiet);
      }
      button {
        margin-inline-start: auto;
        border: 0;
        background: none;
        color: inherit;
        cursor: pointer;
        padding: var(--wa-space-2xs);
      }
    `,
  ];

  constructor() {
    super();
    follow(this, cloudStates, isHidden, here);
  }

  override updated(): void {
    if (here.value.path === '/' && cloudStates.value?.length === 0 && may('cluster.change')) navigate('/welcome', { replace: true });
  }

  override render() {
    const clouds = cloudStates.value ?? [];
    const isOnlySandbox = clouds.length > 0 && clouds.every(({ isSandbox }) => isSandbox);
    if (here.value.path !== '/' || !isOnlySandbox || isHidden.value || !may('cluster.change')) return nothing;
    return html`<div class="hint" role="note">
      <sw-icon name="info"></sw-icon><span>${t.banner}</span><a href="/welcome">${t.bannerAction}</a>
      <button aria-label=${t.hide} title=${frameTexts.close} @click=${() => hide()}><sw-icon name="x"></sw-icon></button>
    </div>`;
  }
}

function hide(): void {
  localStorage.setItem(key, 'hidden');
  isHidden.set(true);
}

define('sw-sandbox-hint', SwSandboxHint);
