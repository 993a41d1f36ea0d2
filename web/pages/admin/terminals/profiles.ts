import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { may } from '../../../data/session.ts';
import { listKeys, listProfiles, type Profile, removeProfile } from '../../../data/terminal-access.ts';
import { define } from '../../../elements/element.ts';
import { again } from '../../../elements/loaded.ts';
import { toast } from '../../../elements/toast.ts';
import { terminalAccessTexts as t } from '../../../texts/terminal-access.ts';
import { actButton, ago } from '../parts.ts';
import { obstacle, SwAccessPart } from './part.ts';
import './profile-form.ts';

/** How one signs in: user, port, address and key, for a cloud or for one instance. */
export class SwTerminalProfiles extends SwAccessPart<Profile> {
  static override properties = { ...SwAccessPart.properties, edited: { state: true } };

  /** `new`: one that is not there yet. */
  declare edited: Profile | 'new' | undefined;

  /** Those that profiles may name; there are few. */
  readonly #keys = new Task(this, { args: () => [], task: async (_, { signal }) => (await listKeys(undefined, signal)).items });

  constructor() {
    super(listProfiles);
  }

  override render(): TemplateResult {
    const c = t.columns;
    return html`<div class="bar">
        <span class="grow"></span>
        ${actButton({
          id: 'create',
          text: t.profile.create,
          icon: 'plus',
          variant: 'brand',
          obstacle: may('terminal.configure') ? undefined : t.mayNot(t.allClouds),
          run: () => (this.edited = 'new'),
        })}
      </div>
      ${this.list({
        label: t.tabs.profiles,
        heads: [c.name, c.cluster, c.server, c.user, c.via, c.key, c.changed, { text: c.actions, isUnseen: true }],
        row: (profile) => this.#row(profile),
        icon: 'plug',
        none: { title: t.profile.none, text: t.profile.noneText },
      })}
      ${
        this.edited
          ? html`<sw-terminal-profile-form
              .edited=${this.edited === 'new' ? undefined : this.edited}
              .keys=${this.#keys.value ?? []}
              @closed=${() => (this.edited = undefined)}
              @saved=${() => this.#saved()}
            ></sw-terminal-profile-form>`
          : nothing
      }`;
  }

  #row(profile: Profile): TemplateResult {
    const c = t.columns;
    const { id, name, cluster, serverId, user, port, via, keyId, updatedAt } = profile;
    const key = this.#keys.value?.find((one) => one.id === keyId);
    const why = obstacle(cluster);
    return html`<tr>
      <th scope="row">${name}</th>
      <td data-label=${c.cluster}>${cluster}</td>
      <td data-label=${c.server}>
        ${serverId === '' ? html`<span class="quiet">${t.every}</span>` : html`<a class="mono" href="/resources/server/${encodeURIComponent(cluster)}/${encodeURIComponent(serverId)}">${serverId}</a>`}
      </td>
      <td data-label=${c.user} class="mono">${user}</td>
      <td data-label=${c.via}>${viaName(via)} <span class="quiet">${t.port(port)}</span></td>
      <td data-label=${c.key}>${keyId === null ? html`<span class="quiet">${t.noKey}</span>` : (key?.name ?? t.goneKey)}</td>
      <td data-label=${c.changed}>${ago(updatedAt, '')}</td>
      <td class="end">
        <span class="row">
          ${actButton({ id: `edit-${id}`, text: t.profile.edit, icon: 'pencil', obstacle: why, run: () => (this.edited = profile) })}
          ${actButton({ id: `remove-${id}`, text: t.profile.remove, variant: 'danger', obstacle: why, run: () => this.#remove(profile) })}
        </span>
      </td>
    </tr>`;
  }

  #saved(): void {
    this.edited = undefined;
    toast({ text: t.profile.saved, tone: 'success' });
    void this.pages.reload();
    void again(this.#keys);
  }

  #remove(profile: Profile): void {
    this.question = {
      heading: t.profile.removeTitle(profile.name),
      text: t.profile.removeText,
      confirm: t.profile.remove,
      isDangerous: true,
      run: async () => {
        await removeProfile(profile);
        toast({ text: t.profile.removed, tone: 'success' });
        void this.pages.reload();
      },
    };
  }
}

function viaName(via: string): string {
  return Object.hasOwn(t.vias, via) ? t.vias[via as 'any'] : via;
}

define('sw-terminal-profiles', SwTerminalProfiles);
