import { html, type TemplateResult } from 'lit';
import { forgetHostKey, type HostKey, listHostKeys } from '../../../data/terminal-access.ts';
import { define } from '../../../elements/element.ts';
import { toast } from '../../../elements/toast.ts';
import { terminalAccessTexts as t } from '../../../texts/terminal-access.ts';
import { actButton, ago } from '../parts.ts';
import { obstacle, SwAccessPart } from './part.ts';

/** The keys that hosts are known by, and how each was learnt. */
export class SwTerminalHosts extends SwAccessPart<HostKey> {
  constructor() {
    super(listHostKeys);
  }

  override render(): TemplateResult {
    const c = t.columns;
    return this.list({
      label: t.tabs.hosts,
      heads: [c.server, c.cluster, c.algorithm, c.fingerprint, c.learnt, c.seen, { text: c.actions, isUnseen: true }],
      row: (key) => this.#row(key),
      icon: 'shield',
      none: { title: t.host.none, text: t.host.noneText },
    });
  }

  #row(key: HostKey): TemplateResult {
    const c = t.columns;
    const { cluster, server, port, algorithm, fingerprint, learntFrom, by, at, lastSeenAt } = key;
    return html`<tr>
      <th scope="row">
        <a class="mono" href="/resources/server/${encodeURIComponent(cluster)}/${encodeURIComponent(server)}">${server}</a>
        <span class="quiet">${t.port(port)}</span>
      </th>
      <td data-label=${c.cluster}>${cluster}</td>
      <td data-label=${c.algorithm} class="mono">${algorithm}</td>
      <td data-label=${c.fingerprint} class="mono">${fingerprint}</td>
      <td data-label=${c.learnt}>${t.host.learntBy(t.host.learnt[learntFrom], by)} ${ago(at, '')}</td>
      <td data-label=${c.seen}>${ago(lastSeenAt, t.never)}</td>
      <td class="end">
        ${actButton({
          id: `forget-${server}-${port}-${algorithm}`,
          text: t.host.forget,
          variant: 'danger',
          obstacle: obstacle(cluster),
          run: () => this.#forget(key),
        })}
      </td>
    </tr>`;
  }

  #forget(key: HostKey): void {
    this.question = {
      heading: t.host.forgetTitle(key.server),
      text: t.host.forgetText,
      more: html`<p class="mono">${key.algorithm} ${key.fingerprint}</p>`,
      confirm: t.host.forget,
      isDangerous: true,
      run: async () => {
        await forgetHostKey(key);
        toast({ text: t.host.forgotten, tone: 'success' });
        void this.pages.reload();
      },
    };
  }
}

define('sw-terminal-hosts', SwTerminalHosts);
