import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { hrefOfResource, type ResourceDetail } from '../../data/resource.ts';
import { runNamed } from '../../elements/action-run.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import '../../elements/state.ts';
import { detailTexts as t } from '../../texts/detail.ts';
import { copyButton, copyStyles } from './copy.ts';
import { nameOf } from './header.ts';
import { neighboursOf } from './neighbours.ts';
import { SwDetailPart } from './part.ts';
import { type Opening, openingsOf, type Rule } from './rules.ts';
import { statusOf, statusStyles } from './status.ts';
import { detailStyles } from './styles.ts';

interface FixedIP {
  readonly ip_address: string;
}

/** Where a resource is plugged in, and what its security groups let through; of a security group, its rules. */
export class SwDetailNetwork extends SwDetailPart {
  static override properties = {
    ...SwDetailPart.properties,
    ports: { state: true },
    groups: { state: true },
    failure: { state: true },
    isRead: { state: true },
  };
  static override styles = [
    base,
    detailStyles,
    statusStyles,
    copyStyles,
    css`
      td a:not(:last-child)::after {
        content: ', ';
      }
      .address {
        display: block;
        white-space: nowrap;
      }
      .rules {
        table-layout: fixed;
      }
      .rules td > * {
        vertical-align: baseline;
      }
      .end {
        width: 3.5rem;
        text-align: end;
      }
      .open {
        color: var(--wa-color-warning-on-quiet);
      }
      tr.wide td {
        background: color-mix(in oklab, var(--wa-color-warning-fill-quiet) 40%, transparent);
      }
    `,
  ];

  declare ports: readonly ResourceDetail[];
  declare groups: readonly ResourceDetail[];
  declare failure: unknown;
  declare isRead: boolean;

  constructor() {
    super();
    this.ports = [];
    this.groups = [];
    this.isRead = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('detail')) void this.#read();
  }

  override render() {
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#read()}></sw-problem>`;
    if (!this.isRead) return html`<sw-loading></sw-loading>`;
    const rules = this.groups.flatMap(({ body }) => (body?.['security_group_rules'] ?? []) as readonly Rule[]);
    const isGroup = this.#isGroup();
    const isUnfiltered = this.ports.some(({ body }) => body?.['port_security_enabled'] === false);
    return html`<div class="sections">
      ${isGroup ? nothing : this.#ports()}
      ${isUnfiltered ? html`<p class="status warn"><sw-icon name="triangle-alert"></sw-icon>${t.network.unfiltered}</p>` : nothing}
      ${!isGroup && this.groups.length === 0 ? nothing : this.#openings(t.network.opens, openingsOf(rules, 'ingress'))}
      ${!isGroup && this.groups.length === 0 ? nothing : this.#openings(t.network.goesOut, openingsOf(rules, 'egress'))}
    </div>`;
  }

  #ports(): TemplateResult {
    if (this.ports.length === 0) return html`<sw-empty icon="plug" .heading=${t.network.noPorts}></sw-empty>`;
    return html`<section>
      <h2>${t.network.ports}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${t.network.ports}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t.network.port}</th>
              <th scope="col">${t.network.network}</th>
              <th scope="col">${t.network.addresses}</th>
              <th scope="col">${t.network.floating}</th>
              <th scope="col">${t.network.mac}</th>
              <th scope="col">${t.network.status}</th>
              <th scope="col">${t.network.groups}</th>
            </tr>
          </thead>
          <tbody>
            ${this.ports.map((port) => this.#port(port))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #port(port: ResourceDetail): TemplateResult {
    const { row, body } = port;
    const addresses = ((body?.['fixed_ips'] ?? []) as readonly FixedIP[]).map(({ ip_address }) => ip_address);
    const mac = (body?.['mac_address'] as string | undefined) ?? '';
    return html`<tr>
      <td>${this.#link('port', row.id ?? '', (row['name'] as string | null) || (row.id ?? '').slice(0, 8))}</td>
      <td>${this.#related(port, 'network')}</td>
      <td>${addresses.map((one) => html`<span class="address mono">${one}${copyButton(one)}</span>`)}</td>
      <td>${this.#related(port, 'floatingIPs')}</td>
      <td class="mono">${mac}</td>
      <td>${statusOf(row['status'])}</td>
      <td>${this.#related(port, 'securityGroups')}</td>
    </tr>`;
  }

  #openings(title: string, openings: readonly Opening[]): TemplateResult {
    const names = new Map(this.#groupNames());
    return html`<section>
      <h2>${title}</h2>
      ${
        openings.length === 0
          ? html`<p class="quiet">${t.network.noRules}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>
              <table class="rules">
                <thead>
                  <tr>
                    <th scope="col">${t.network.traffic}</th>
                    <th scope="col">${t.network.peers}</th>
                    <th scope="col">${t.network.description}</th>
                    ${this.#isGroup() ? html`<th class="end"><span class="unseen">${t.network.remove}</span></th>` : nothing}
                  </tr>
                </thead>
                <tbody>
                  ${openings.map((one) => this.#opening(one, names))}
                </tbody>
              </table>
            </div>`
      }
    </section>`;
  }

  #opening(one: Opening, names: ReadonlyMap<string, string>): TemplateResult {
    const { groupId, range, isOpenToAll, ethertype, description } = one;
    const isEverybody = range === '0.0.0.0/0' || range === '::/0';
    return html`<tr class=${isOpenToAll ? 'wide' : ''}>
      <td>${trafficOf(one)} <span class="quiet">${ethertype}</span></td>
      <td>
        ${groupId === undefined ? nothing : this.#link('security_group', groupId, t.network.membersOf(names.get(groupId) ?? groupId))}
        ${range === undefined ? nothing : html`<span class="mono">${range}</span>`}
        ${isEverybody && !isOpenToAll ? html`<span class="quiet">${t.network.everybody}</span>` : nothing}
        ${isOpenToAll ? html`<span class="status open"><sw-icon name="triangle-alert"></sw-icon>${t.network.openToAll}</span>` : nothing}
      </td>
      <td>${description}</td>
      ${this.#isGroup() ? html`<td class="end">${this.#removal(one)}</td>` : nothing}
    </tr>`;
  }

  #isGroup(): boolean {
    return this.detail.row.type === 'security_group';
  }

  #removal(one: Opening): TemplateResult {
    const name = nameOf(this.detail, this.id);
    const of = { type: 'security_group', cluster: this.cluster, id: this.id };
    const run = () => runNamed({ of, name, action: 'securityGroup.removeRule', input: { ruleId: one.id }, begun: () => undefined });
    return html`<wa-button size="s" appearance="plain" @click=${() => void run()}>
      <sw-icon name="trash" label=${`${t.network.remove}: ${trafficOf(one)}`}></sw-icon>
    </wa-button>`;
  }

  #groupNames(): [string, string][] {
    const rows = this.groups.flatMap(({ row, related }) => [
      row,
      ...related.flatMap((one) => (one.type === 'security_group' ? one.items : [])),
    ]);
    return rows.map((row) => [row.id ?? '', (row['name'] as string | null) ?? '']);
  }

  #related(port: ResourceDetail, relation: string): TemplateResult[] {
    const items = port.related.find((one) => one.relation === relation)?.items ?? [];
    return items.map((item) => {
      const [address] = (item['addresses'] ?? []) as readonly string[];
      const label = item.type === 'floatingip' ? (address ?? item.id) : (item['name'] as string | null) || item.id;
      return this.#link(item.type, item.id ?? '', label ?? '');
    });
  }

  #link(type: string, id: string, label: string): TemplateResult {
    return html`<a href=${hrefOfResource({ type, cluster: this.cluster, id })}>${label}</a>`;
  }

  async #read(): Promise<void> {
    const { detail } = this;
    try {
      const { type } = detail.row;
      const ports = type === 'port' ? [detail] : type === 'server' ? await neighboursOf(detail, 'ports') : [];
      const groups = type === 'security_group' ? [detail] : await neighboursOf(detail, 'securityGroups');
      if (detail !== this.detail) return;
      Object.assign(this, { ports, groups, failure: undefined, isRead: true });
    } catch (error) {
      this.failure = error;
    }
  }
}

function trafficOf({ protocol, ports }: Opening): string {
  if (protocol === undefined) return t.network.allTraffic;
  return ports === undefined ? t.network.allOf(protocol) : t.network.some(protocol, ports);
}

define('sw-detail-network', SwDetailNetwork);
