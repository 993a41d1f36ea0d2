import { html, nothing, type TemplateResult } from 'lit';
import { may } from '../../../data/session.ts';
import { listKeys, removeKey, type TerminalKey } from '../../../data/terminal-access.ts';
import { define } from '../../../elements/element.ts';
import { toast } from '../../../elements/toast.ts';
import { formatNumber } from '../../../texts/format.ts';
import { terminalAccessTexts as t } from '../../../texts/terminal-access.ts';
import { actButton, ago } from '../parts.ts';
import './key-form.ts';
import { cloudName, obstacle, SwAccessPart } from './part.ts';

/** Private keys to sign in with: given or made here; their public parts to be copied. */
export class SwTerminalKeys extends SwAccessPart<TerminalKey> {
  static override properties = { ...SwAccessPart.properties, isMaking: { state: true } };

  declare isMaking: boolean;

  constructor() {
    super(listKeys);
    this.isMaking = false;
  }

  override render(): TemplateResult {
    const c = t.columns;
    return html`<div class="bar">
        <p class="quiet grow">${t.key.about}</p>
        ${actButton({
          id: 'create',
          text: t.key.create,
          icon: 'plus',
          variant: 'brand',
          obstacle: may('terminal.configure') ? undefined : t.mayNot(t.allClouds),
          run: () => (this.isMaking = true),
        })}
      </div>
      ${this.list({
        label: t.tabs.keys,
        heads: [
          c.name,
          c.cluster,
          c.algorithm,
          c.fingerprint,
          { text: c.profiles, isNumber: true },
          c.used,
          c.created,
          { text: c.actions, isUnseen: true },
        ],
        row: (key) => this.#row(key),
        icon: 'key-round',
        none: { title: t.key.none, text: t.key.noneText },
      })}
      ${
        this.isMaking
          ? html`<sw-terminal-key-form
              @closed=${() => (this.isMaking = false)}
              @created=${(event: CustomEvent<TerminalKey>) => this.#made(event.detail)}
            ></sw-terminal-key-form>`
          : nothing
      }`;
  }

  #row(key: TerminalKey): TemplateResult {
    const c = t.columns;
    return html`<tr>
      <th scope="row">${key.name}</th>
      <td data-label=${c.cluster}>${cloudName(key.cluster)}</td>
      <td data-label=${c.algorithm} class="mono">${key.algorithm}</td>
      <td data-label=${c.fingerprint} class="mono">${key.fingerprint}</td>
      <td data-label=${c.profiles} class="number">${formatNumber(key.profiles)}</td>
      <td data-label=${c.used}>${ago(key.lastUsedAt, t.never)}</td>
      <td data-label=${c.created}>${ago(key.createdAt, '')}</td>
      <td class="end">
        <span class="row">
          ${actButton({ id: `copy-${key.id}`, text: t.key.copy, icon: 'copy', run: () => void copy(key) })}
          ${actButton({
            id: `remove-${key.id}`,
            text: t.key.remove,
            variant: 'danger',
            obstacle: obstacle(key.cluster) ?? (key.profiles > 0 ? t.key.used(key.profiles) : undefined),
            run: () => this.#remove(key),
          })}
        </span>
      </td>
    </tr>`;
  }

  #made(key: TerminalKey): void {
    this.isMaking = false;
    toast({ text: t.key.made(key.name), tone: 'success', action: { text: t.key.copy, run: () => void copy(key) }, stayMs: 30_000 });
    void this.pages.reload();
  }

  #remove(key: TerminalKey): void {
    this.question = {
      heading: t.key.removeTitle(key.name),
      text: t.key.removeText,
      confirm: t.key.remove,
      isDangerous: true,
      run: async () => {
        await removeKey(key);
        toast({ text: t.key.removed, tone: 'success' });
        void this.pages.reload();
      },
    };
  }
}

async function copy({ publicKey }: TerminalKey): Promise<void> {
  await navigator.clipboard.writeText(publicKey);
  toast({ text: t.key.copied, tone: 'success', key: 'copied' });
}

define('sw-terminal-keys', SwTerminalKeys);
