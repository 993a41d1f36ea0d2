import { css, html, nothing, type TemplateResult } from 'lit';
import { hrefOfResource, type ResourceDetail } from '../../data/resource.ts';
import '../../elements/action-menu.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { formatBytes } from '../../texts/format.ts';
import { neighboursOf } from './neighbours.ts';
import { SwDetailPart } from './part.ts';
import { statusOf, statusStyles } from './status.ts';
import { detailStyles } from './styles.ts';

/** Volumes that are attached to an instance, and what can be done with each. */
export class SwDetailVolumes extends SwDetailPart {
  static override properties = { ...SwDetailPart.properties, volumes: { state: true }, failure: { state: true } };
  static override styles = [
    base,
    detailStyles,
    statusStyles,
    css`
      td:last-child {
        text-align: end;
      }
    `,
  ];

  declare volumes: readonly ResourceDetail[] | undefined;
  declare failure: unknown;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('detail')) void this.#read();
  }

  override render() {
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#read()}></sw-problem>`;
    if (!this.volumes) return html`<sw-loading></sw-loading>`;
    if (this.volumes.length === 0) return html`<sw-empty icon="hard-drive" .heading=${t.volumes.none}></sw-empty>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t.tabs.volumes}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t.volumes.name}</th>
            <th scope="col">${t.volumes.device}</th>
            <th scope="col">${t.volumes.size}</th>
            <th scope="col">${t.volumes.type}</th>
            <th scope="col">${t.volumes.status}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${this.volumes.map((volume) => this.#volume(volume))}
        </tbody>
      </table>
    </div>`;
  }

  #volume({ row }: ResourceDetail): TemplateResult {
    const id = row.id ?? '';
    const name = (row['name'] as string | null) || id;
    const more = [
      row['bootable'] === true ? t.volumes.boot : undefined,
      row['encrypted'] === true ? t.volumes.encrypted : undefined,
      this.#goesAlong(id) ? t.volumes.withIt : undefined,
    ].filter((one) => one !== undefined);
    return html`<tr>
      <td>
        <a href=${hrefOfResource({ type: 'volume', cluster: this.cluster, id })}>${name}</a>
        ${more.length > 0 ? html`<span class="quiet">${more.join(' · ')}</span>` : nothing}
      </td>
      <td class="mono">${row['device'] ?? ''}</td>
      <td>${typeof row['size'] === 'number' ? formatBytes(row['size'] * 1024 ** 3) : ''}</td>
      <td>${row['volumeType'] ?? ''}</td>
      <td>${statusOf(row['status'])}</td>
      <td><sw-action-menu compact .type=${'volume'} .cluster=${this.cluster} .id=${id} .name=${name}></sw-action-menu></td>
    </tr>`;
  }

  #goesAlong(id: string): boolean {
    const attached = (this.detail.body?.['os-extended-volumes:volumes_attached'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    return attached.some((one) => one['id'] === id && one['delete_on_termination'] === true);
  }

  async #read(): Promise<void> {
    try {
      this.volumes = await neighboursOf(this.detail, 'volumes');
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  }
}

define('sw-detail-volumes', SwDetailVolumes);
