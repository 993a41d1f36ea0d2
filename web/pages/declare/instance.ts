import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { type Quota, quotasOf } from '../../data/choices.ts';
import { define } from '../../elements/element.ts';
import { declareTexts } from '../../texts/declare.ts';
import { formatBytes, formatList, formatNumber } from '../../texts/format.ts';
import { validationTexts } from '../../texts/validation.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import type { Choice } from './choice-table.ts';
import { selectField, textField } from './fields.ts';
import { emptyInstance, type FlavorSize, type InstanceForm, instanceManifests, namesOf, wantedOf } from './instance-form.ts';
import {
  accessStep,
  declaredHere,
  imageStep,
  isSelected,
  networkStep,
  rowChosen,
  type StepContext,
  securityStep,
  selectorOf,
  typeOptions,
} from './instance-steps.ts';
import './quota-bar.ts';
import { type Fault, type Step, SwWizard } from './wizard.ts';

const mebi = 1024 * 1024;
const formats: Readonly<Record<string, (value: number) => string>> = {
  ramMiB: (value) => formatBytes(value * mebi),
  gigabytes: (value) => `${formatNumber(value)} GiB`,
};
const quotaNames = ['instances', 'cores', 'ramMiB', 'volumes', 'gigabytes'] as const;

/** The way to an instance, or several alike. */
export class SwDeclareInstance extends SwWizard<InstanceForm> {
  static override properties = { ...SwWizard.properties, quotas: { state: true } };

  declare quotas: readonly Quota[];

  protected override readonly draftName = 'instance';
  protected override readonly empty = emptyInstance;
  protected override readonly offers = {
    image: ['size', 'minDisk', 'minRam', 'format'],
    flavor: ['vcpus', 'ram', 'disk'],
    network: ['subnets', 'external', 'shared'],
    security_group: ['rules'],
    volume: ['size', 'bootable', 'attachedTo'],
    volume_type: [],
    keypair: ['fingerprint'],
  };

  constructor() {
    super();
    this.quotas = [];
  }

  protected override async readMore(cluster: string, signal: AbortSignal): Promise<void> {
    this.quotas = await quotasOf(cluster, signal);
  }

  protected override heading = () => declareTexts.instance.title;
  protected override kinds = () => ['Instance'];
  protected override manifests = () => instanceManifests(this.form);

  protected override moreFaults(): readonly Fault[] {
    const { boot, image } = this.form;
    return boot === 'newVolume' && !image ? [{ at: 'Volume:spec.image', message: validationTexts.required(t.image.image) }] : [];
  }

  protected override ownSteps(): readonly Step[] {
    const step = (id: string, title: string, asks: readonly string[], render: (context: StepContext) => TemplateResult): Step => ({
      id,
      title,
      asks,
      render: () => render(this.#context(id)),
    });
    return [
      { ...this.where, render: () => this.renderWhere(this.#count()) },
      step('image', t.image.title, ['Instance:spec.image', 'Instance:spec.bootVolume', 'Instance:spec$', 'Volume:spec.image'], imageStep),
      step('flavor', t.flavor.title, ['Instance:spec.flavor'], (context) => this.#flavorStep(context)),
      step('network', t.network.title, ['Instance:spec.networks'], networkStep),
      step('security', t.security.title, ['Instance:spec.securityGroupRefs'], securityStep),
      step(
        'storage',
        t.storage.title,
        ['Volume:metadata', 'Volume:spec.sizeGiB', 'Volume:spec.volumeType', 'Instance:spec.volumes'],
        (context) => this.#storageStep(context),
      ),
      step(
        'access',
        t.access.title,
        ['KeyPair:', 'Instance:spec.keyPairRef', 'Instance:spec.userData', 'Instance:spec.availabilityZone'],
        accessStep,
      ),
    ];
  }

  #context(id: string): StepContext {
    return {
      form: this.form,
      set: (change) => this.set(change),
      fault: (...places) => this.fault(id, ...places),
      of: (type) => this.of(type),
      hrefTo: (path) => this.hrefTo(path),
    };
  }

  #count(): TemplateResult {
    const { count, name } = this.form;
    const shown = formatList(namesOf({ name: name || 'web', count: Math.min(count, 3) }));
    return textField({
      label: t.where.count,
      name: 'count',
      type: 'number',
      min: 1,
      value: count,
      hint: count > 1 ? t.where.countHint(count > 3 ? `${shown} …` : shown) : undefined,
      set: (value) => this.set({ count: Math.max(1, Math.min(100, Math.floor(Number(value)) || 1)) }),
    });
  }

  #sizeOf(): FlavorSize | undefined {
    const row = rowChosen(this.of('flavor'), this.form.flavor);
    return row && { vcpus: Number(row['vcpus']), ram: Number(row['ram']) };
  }

  #flavorStep({ form, set, fault, of }: StepContext): TemplateResult {
    const rows = of('flavor').toSorted((a, b) => Number(a['vcpus']) - Number(b['vcpus']) || Number(a['ram']) - Number(b['ram']));
    const columns = [t.flavor.flavor, t.flavor.vcpus, t.flavor.ram, t.flavor.disk].map((text, index) => ({
      text,
      ...(index > 0 && { isNumber: true as const }),
    }));
    const choices = rows.map(
      (row): Choice => ({
        key: row.id ?? '',
        cells: [
          row.name,
          formatNumber(Number(row['vcpus'])),
          formatBytes(Number(row['ram']) * mebi),
          `${formatNumber(Number(row['disk']))} GiB`,
        ],
        why: this.#whyNot(row),
      }),
    );
    return html`
      <sw-choice-table
        .label=${t.flavor.flavor}
        .columns=${columns}
        .choices=${choices}
        .chosen=${rows.filter((row) => isSelected(row, form.flavor)).map(({ id }) => id ?? '')}
        .fault=${fault('Instance:spec.flavor')}
        @sw-pick=${(event: CustomEvent<{ keys: readonly string[] }>) => {
          const row = rows.find(({ id }) => id === event.detail.keys[0]);
          if (row) set({ flavor: selectorOf(row, rows) });
        }}
      ></sw-choice-table>
      ${this.#quotaBars()}
    `;
  }

  #whyNot(row: Readonly<Record<string, unknown>>): string | undefined {
    const image = this.form.boot === 'local' ? rowChosen(this.of('image'), this.form.image) : undefined;
    const disk = Number(row['disk']);
    if (image && (Number(image['minRam'] ?? 0) > Number(row['ram']) || (disk > 0 && Number(image['minDisk'] ?? 0) > disk)))
      return t.flavor.tooSmall;
    const wanted = wantedOf(this.form, { vcpus: Number(row['vcpus']), ram: Number(row['ram']) });
    const isOver = (['cores', 'ramMiB'] as const).some((name) => {
      const quota = this.quotas.find((one) => one.name === name);
      return quota && quota.limit !== null && quota.used + (wanted[name] ?? 0) > quota.limit;
    });
    return isOver ? t.flavor.tooBig : undefined;
  }

  #quotaBars(): TemplateResult {
    const wanted = wantedOf(this.form, this.#sizeOf());
    const known = quotaNames.flatMap((name) => this.quotas.filter((quota) => quota.name === name));
    if (known.length === 0) return html`<p class="quiet">${t.flavor.quotaUnknown}</p>`;
    return html`<h3>${t.flavor.quota}</h3>
      <div class="quotas">
        ${known.map(
          ({ name, used, limit }) => html`<sw-quota-bar
            .label=${t.flavor.quotas[name as (typeof quotaNames)[number]]}
            .used=${used}
            .wanted=${wanted[name] ?? 0}
            .limit=${limit}
            .format=${formats[name] ?? formatNumber}
          ></sw-quota-bar>`,
        )}
      </div>`;
  }

  #storageStep({ form, set, fault, of }: StepContext): TemplateResult {
    const free = declaredHere(of('volume'), form).filter((row) => (row['attachedTo'] as readonly string[] | null)?.length === 0);
    const change = (at: number, volume: InstanceForm['volumes'][number] | undefined) =>
      set({ volumes: form.volumes.flatMap((one, index) => (index === at ? (volume ?? []) : one)) });
    const entry = (volume: InstanceForm['volumes'][number], at: number) =>
      'existing' in volume
        ? selectField({
            label: t.storage.existing,
            value: volume.existing,
            options: free.map(({ declared, size }) => ({
              value: declared.name,
              text: `${declared.name} · ${formatNumber(Number(size))} GiB`,
            })),
            hint: form.count > 1 ? t.storage.onlyOne : undefined,
            fault: fault(`Instance:spec.volumes[${at}]`),
            set: (existing) => change(at, { existing }),
          })
        : html`${textField({ label: t.storage.size, type: 'number', min: 1, value: volume.sizeGiB, fault: fault('Volume:spec.sizeGiB'), set: (value) => change(at, { ...volume, sizeGiB: Number(value) }) })}
          ${selectField({ label: t.storage.type, value: volume.type, options: typeOptions(of('volume_type')), set: (type) => change(at, { ...volume, type }) })}`;
    return html`
      <p class="quiet">${t.storage.text}</p>
      ${form.volumes.map(
        (volume, at) => html`<fieldset class="entry">
          <legend class="unseen">${t.storage.volume(at + 1)}</legend>
          <div class="fields">${entry(volume, at)}</div>
          <wa-button size="s" appearance="outlined" @click=${() => change(at, undefined)}>${t.remove}</wa-button>
        </fieldset>`,
      )}
      <div class="row">
        <wa-button size="s" appearance="outlined" @click=${() => set({ volumes: [...form.volumes, { sizeGiB: 10, type: '' }] })}>${t.storage.addNew}</wa-button>
        <wa-button size="s" appearance="outlined" ?disabled=${free.length === 0} @click=${() => set({ volumes: [...form.volumes, { existing: free[0]?.declared.name ?? '' }] })}>
          ${t.storage.addExisting}
        </wa-button>
        ${free.length === 0 ? html`<span class="quiet">${t.storage.noExisting}</span>` : nothing}
      </div>
      ${this.#quotaBars()}
    `;
  }
}

define('sw-declare-instance', SwDeclareInstance);
