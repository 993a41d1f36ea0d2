import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../../app/router.ts';
import { listRoles, type PermissionRow, type Role, type RoleTable, removeRole } from '../../../data/roles.ts';
import { mayEverywhere } from '../../../data/session.ts';
import type { Question } from '../../../elements/confirm.ts';
import { base, define } from '../../../elements/element.ts';
import { SwPage } from '../../../elements/page.ts';
import { toast } from '../../../elements/toast.ts';
import { permissionSentence, roleDescription } from '../../../texts/permissions.ts';
import { roleTexts as t } from '../../../texts/roles.ts';
import '../../../elements/confirm.ts';
import { loaded } from '../../../elements/loaded.ts';
import { actButton, filterField } from '../parts.ts';
import { adminStyles } from '../styles.ts';
import { grouped } from './groups.ts';
import './role-form.ts';

/** What each role may, permission by permission; roles of one's own made and changed. */
export class SwRoles extends SwPage {
  static override properties = { ...SwPage.properties, question: { state: true } };
  static override styles = [
    base,
    adminStyles,
    css`
      .scroll {
        max-height: calc(100vh - 13rem);
        overflow: auto;
      }
      thead th {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        vertical-align: bottom;
      }
      th.role,
      td.mark {
        text-align: center;
        min-width: 6.5rem;
      }
      th.role small {
        display: block;
        font-weight: 400;
      }
      tr.group th {
        background: var(--wa-color-surface-lowered);
        color: var(--wa-color-text-quiet);
        font-size: var(--wa-font-size-s);
        padding-block-start: var(--wa-space-s);
      }
      tbody tr:not(.group) th {
        font-weight: 400;
        min-width: 14rem;
      }
      td.mark sw-icon[name='check'] {
        color: var(--wa-color-success-on-quiet);
      }
      td.mark sw-icon[name='minus'] {
        color: var(--wa-color-text-quiet);
        opacity: 0.45;
      }
      @media (max-width: 700px) {
        tbody tr:not(.group) th {
          min-width: 9.5rem;
        }
        th.role,
        td.mark {
          min-width: 5rem;
          padding-inline: var(--wa-space-2xs);
        }
      }
      .sentence {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-s);
        align-items: baseline;
      }
    `,
  ];

  declare question: Question | undefined;
  readonly #table = new Task(this, { task: (_, { signal }) => listRoles(signal), args: () => [] });

  override render() {
    const obstacle = mayNot();
    const create = {
      id: 'create',
      text: t.create,
      icon: 'plus',
      variant: 'brand',
      obstacle,
      run: () => setQuery({ new: '1' }, { replace: false }),
    } as const;
    return html`<sw-page-header .heading=${t.title}>
        <p slot="about" class="quiet">${t.about}</p>
        <span slot="actions">${actButton(create)}</span>
      </sw-page-header>
      ${loaded(this.#table, (table) => this.#show(table), 12)}
      <sw-admin-confirm .question=${this.question} @closed=${() => (this.question = undefined)}></sw-admin-confirm>`;
  }

  #show(table: RoleTable): TemplateResult {
    const text = (this.query.get('text') ?? '').toLowerCase();
    const isNamed = ({ name, sentence }: PermissionRow) => `${name} ${permissionSentence(name, sentence)}`.toLowerCase().includes(text);
    const shown = table.permissions.filter(isNamed);
    const edited = table.roles.find(({ name, isBuiltIn }) => !isBuiltIn && name === this.query.get('edit'));
    const isOpen = mayNot() === undefined && (edited !== undefined || this.query.has('new'));
    return html`<div class="bar">
        ${filterField(t.filter, this.query.get('text') ?? '', (value) => setQuery({ text: value }))}
      </div>
      ${shown.length === 0 ? html`<p class="quiet">${t.none}</p>` : this.#matrix(table.roles, shown)}
      ${
        isOpen
          ? html`<sw-role-form
              .table=${table}
              .edited=${edited}
              @saved=${(event: CustomEvent<string>) => this.#saved(event.detail)}
              @closed=${() => setQuery({ edit: undefined, new: undefined })}
            ></sw-role-form>`
          : nothing
      }`;
  }

  #matrix(roles: readonly Role[], permissions: readonly PermissionRow[]): TemplateResult {
    return html`<div class="scroll" role="region" aria-label=${t.title} tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${t.permission}</th>
            ${roles.map((role) => this.#head(role))}
          </tr>
        </thead>
        <tbody>
          ${grouped(permissions).map(
            ([group, own]) => html`<tr class="group">
                <th scope="colgroup" colspan=${roles.length + 1}>${t.groups[group]}</th>
              </tr>
              ${own.map((permission) => row(roles, permission))}`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #head(role: Role): TemplateResult {
    const { name, isBuiltIn, uses } = role;
    const obstacle = mayNot();
    return html`<th scope="col" class="role" title=${roleDescription(role)}>
      ${name}
      <small class="quiet">${isBuiltIn ? t.builtIn : nothing}</small>
      <small class="quiet">${uses > 0 ? t.uses(uses) : nothing}</small>
      ${
        isBuiltIn || obstacle !== undefined
          ? nothing
          : html`<wa-button size="s" appearance="plain" @click=${() => setQuery({ edit: name }, { replace: false })}
                ><sw-icon name="pencil" label=${t.edit(name)}></sw-icon></wa-button
              ><wa-button size="s" appearance="plain" variant="danger" @click=${() => this.#remove(role)}
                ><sw-icon name="trash" label=${t.removeTitle(name)}></sw-icon
              ></wa-button>`
      }
    </th>`;
  }

  #remove(role: Role): void {
    this.question = {
      heading: t.removeTitle(role.name),
      text: t.removeText,
      confirm: t.remove,
      isDangerous: true,
      obstacle: role.uses > 0 ? t.inUse : undefined,
      run: async () => {
        await removeRole(role);
        toast({ text: t.removed(role.name) });
        void this.#table.run().catch(() => undefined);
      },
    };
  }

  #saved(name: string): void {
    setQuery({ edit: undefined, new: undefined });
    toast({ text: t.saved(name), tone: 'success' });
    void this.#table.run().catch(() => undefined);
  }
}

function row(roles: readonly Role[], { name, sentence, roles: having }: PermissionRow): TemplateResult {
  return html`<tr>
    <th scope="row">
      <span class="sentence">${permissionSentence(name, sentence)} <code class="quiet small">${name}</code></span>
    </th>
    ${roles.map((role) => {
      const mayIt = having.includes(role.name);
      return html`<td class="mark"><sw-icon name=${mayIt ? 'check' : 'minus'} label=${mayIt ? t.may(role.name) : t.mayNot(role.name)}></sw-icon></td>`;
    })}
  </tr>`;
}

const mayNot = (): string | undefined => (mayEverywhere('role.change') ? undefined : t.needsPermission);

define('sw-roles', SwRoles);
