import { html, nothing, type TemplateResult } from 'lit';
import type { Permission } from '#api/auth/permissions.ts';
import { frameTexts } from '../../texts/frame.ts';
import { historyTexts as t } from '../../texts/history.ts';

/** The two lists as of a time: what was declared, and what clouds held. The moment goes along. */
export function places(current: 'objects' | 'inventory', at: string | undefined): TemplateResult {
  const query = at === undefined ? '' : `?${new URLSearchParams({ at })}`;
  const link = (name: 'objects' | 'inventory', path: string, text: string) =>
    html`<a href=${`${path}${query}`} aria-current=${current === name ? 'page' : nothing}>${text}</a>`;
  return html`<nav class="switch" aria-label=${t.title}>${link('objects', '/history', t.objects)}${link('inventory', '/inventory', t.inventoryOf)}</nav>`;
}

/** What somebody sees who may not look here: history of one cloud or namespace alone takes a role that reaches all of it. */
export function forbidden(permission: Permission): TemplateResult {
  const { title, text, needs } = frameTexts.forbidden;
  return html`<sw-empty icon="lock" .heading=${title} .text=${`${text} ${needs(permission)}`}></sw-empty>`;
}
