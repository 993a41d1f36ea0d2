import { html, nothing, type TemplateResult } from 'lit';
import type { ChoiceRow } from '../../data/choices.ts';
import { formatBytes, formatNumber } from '../../texts/format.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import type { Choice } from './choice-table.ts';
import './choice-table.ts';
import { areaField, selectField, textField } from './fields.ts';
import type { InstanceForm, Selector } from './instance-form.ts';

/** What a step of the instance wizard works with. */
export interface StepContext {
  readonly form: InstanceForm;
  readonly set: (change: Partial<InstanceForm>) => void;
  /** What is wrong with what the step asks. */
  readonly fault: (...places: readonly string[]) => string | undefined;
  /** Rows of a type there are to choose from. */
  readonly of: (type: string) => readonly ChoiceRow[];
  readonly hrefTo: (path: string) => string;
}

/** By name where only one has it, else by id. */
export function selectorOf(row: ChoiceRow, all: readonly ChoiceRow[]): Selector {
  const isUnique = row.name !== '' && all.filter(({ name }) => name === row.name).length === 1;
  return isUnique ? { name: row.name } : { id: row.id ?? '' };
}

export function isSelected(row: ChoiceRow, selector: Selector | undefined): boolean {
  if (!selector) return false;
  return 'id' in selector ? row.id === selector.id : row.name === selector.name;
}

export function rowChosen(rows: readonly ChoiceRow[], selector: Selector | undefined): ChoiceRow | undefined {
  return rows.find((row) => isSelected(row, selector));
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const chosenKeys = (rows: readonly ChoiceRow[], isChosen: (row: ChoiceRow) => boolean) => rows.filter(isChosen).map(({ id }) => id ?? '');
const picked = (event: CustomEvent<{ keys: readonly string[] }>) => event.detail.keys;

/** Declared objects of the place the form is about. */
export function declaredHere(
  rows: readonly ChoiceRow[],
  { namespace }: Pick<InstanceForm, 'namespace'>,
): readonly (ChoiceRow & { declared: NonNullable<ChoiceRow['declared']> })[] {
  return rows.filter((row): row is ChoiceRow & { declared: NonNullable<ChoiceRow['declared']> } => row.declared?.namespace === namespace);
}

/** A table of images; one of them is chosen. */
export function imageTable(
  rows: readonly ChoiceRow[],
  { chosen, fault, set }: { chosen: Selector | undefined; fault: string | undefined; set: (image: Selector) => void },
): TemplateResult {
  const choices = rows.map(
    (row): Choice => ({
      key: row.id ?? '',
      cells: [
        row.name || (row.id ?? ''),
        row.status ?? '',
        textOf(row['format']),
        row['size'] === null ? '' : formatBytes(Number(row['size'])),
        `${formatNumber(Number(row['minDisk'] ?? 0))} GiB`,
      ],
      why: row.status === 'active' ? undefined : t.image.notActive,
    }),
  );
  const columns = [
    { text: t.image.image },
    { text: t.image.status },
    { text: t.image.format },
    { text: t.image.size, isNumber: true as const },
    { text: t.image.minDisk, isNumber: true as const },
  ];
  return html`<sw-choice-table
    .label=${t.image.image}
    .columns=${columns}
    .choices=${choices}
    .chosen=${chosenKeys(rows, (row) => isSelected(row, chosen))}
    .fault=${fault}
    @sw-pick=${(event: CustomEvent<{ keys: readonly string[] }>) => {
      const row = rows.find(({ id }) => id === picked(event)[0]);
      if (row) set(selectorOf(row, rows));
    }}
  ></sw-choice-table>`;
}

export function typeOptions(rows: readonly ChoiceRow[]) {
  return [{ value: '', text: t.storage.typeDefault }, ...rows.map(({ name }) => ({ value: name, text: name }))];
}

export function imageStep(context: StepContext): TemplateResult {
  const { form, set, fault, of } = context;
  const bootable = declaredHere(of('volume'), form).filter(
    (row) => row['bootable'] === true && (row['attachedTo'] as readonly string[] | null)?.length === 0,
  );
  return html`
    <div class="fields">
      ${selectField({
        label: t.image.boot,
        name: 'boot',
        value: form.boot,
        options: [
          { value: 'local', text: t.image.local },
          { value: 'newVolume', text: t.image.newVolume },
          { value: 'volume', text: t.image.volume },
        ],
        set: (boot) => set({ boot: boot as InstanceForm['boot'] }),
      })}
      ${
        form.boot === 'newVolume'
          ? html`${textField({ label: t.image.bootSize, name: 'bootSize', type: 'number', min: 1, value: form.bootSizeGiB, fault: fault('Volume:spec.sizeGiB'), set: (value) => set({ bootSizeGiB: Number(value) }) })}
            ${selectField({ label: t.image.bootType, name: 'bootType', value: form.bootType, options: typeOptions(of('volume_type')), set: (bootType) => set({ bootType }) })}`
          : nothing
      }
      ${
        form.boot === 'volume'
          ? selectField({
              label: t.image.bootVolume,
              name: 'bootVolume',
              value: form.bootVolume,
              hint: bootable.length === 0 ? t.image.noVolumes : undefined,
              fault: fault('Instance:spec.bootVolume'),
              options: bootable.map(({ declared }) => ({ value: declared.name, text: declared.name })),
              set: (bootVolume) => set({ bootVolume }),
            })
          : nothing
      }
    </div>
    ${form.boot === 'volume' ? nothing : imageTable(of('image'), { chosen: form.image, fault: form.image ? undefined : fault('Instance:spec$', 'Volume:spec.image'), set: (image) => set({ image }) })}
  `;
}

export function networkStep({ form, set, fault, of, hrefTo }: StepContext): TemplateResult {
  const rows = of('network');
  const keyOf = (one: InstanceForm['networks'][number]) =>
    rows.find((row) =>
      'ref' in one ? row.declared?.name === one.ref && row.declared.namespace === form.namespace : isSelected(row, one.network),
    )?.id ?? '';
  const pick = (keys: readonly string[]): void => {
    const networks = keys.flatMap((key) => {
      const old = form.networks.find((one) => keyOf(one) === key);
      const row = rows.find(({ id }) => id === key);
      if (old || !row) return old ?? [];
      const isHere = row.declared?.namespace === form.namespace && row.declared.kind === 'Network';
      return isHere ? { ref: row.declared?.name ?? '', fixedIP: '' } : { network: selectorOf(row, rows), fixedIP: '' };
    });
    set({ networks });
  };
  if (rows.length === 0)
    return html`<sw-empty icon="network" .heading=${t.network.none}><a href=${hrefTo('/declare/network')}>${t.network.create}</a></sw-empty>`;
  const how = (row: ChoiceRow) =>
    [
      row.declared ? t.network.declared : t.network.cloud,
      row['external'] === true ? t.network.external : '',
      row['shared'] === true ? t.network.shared : '',
    ]
      .filter(Boolean)
      .join(', ');
  return html`
    <p class="quiet">${t.network.text} <a href=${hrefTo('/declare/network')}>${t.network.create}</a></p>
    <sw-choice-table
      multiple
      .label=${t.network.name}
      .columns=${[{ text: t.network.name }, { text: t.network.subnets }, { text: t.network.how }]}
      .choices=${rows.map((row): Choice => ({ key: row.id ?? '', cells: [row.name || (row.id ?? ''), ((row['subnets'] as readonly string[] | null) ?? []).join(', '), how(row)] }))}
      .chosen=${form.networks.map(keyOf)}
      @sw-pick=${(event: CustomEvent<{ keys: readonly string[] }>) => pick(picked(event))}
    ></sw-choice-table>
    <div class="fields">
      ${form.networks.map((one, index) =>
        textField({
          label: t.network.fixedIP('ref' in one ? one.ref : 'name' in one.network ? one.network.name : one.network.id),
          hint: t.network.fixedHint,
          value: one.fixedIP,
          fault: fault(`Instance:spec.networks[${index}].fixedIP`),
          set: (fixedIP) => set({ networks: form.networks.map((each, at) => (at === index ? { ...each, fixedIP } : each)) }),
        }),
      )}
    </div>
  `;
}

export function securityStep({ form, set, of, hrefTo }: StepContext): TemplateResult {
  const rows = of('security_group');
  const nameOf = (row: ChoiceRow) => (row.declared?.namespace === form.namespace ? row.declared.name : undefined);
  const why = (row: ChoiceRow) =>
    row.declared ? (nameOf(row) === undefined ? t.security.otherNamespace(row.declared.namespace) : undefined) : t.security.undeclared;
  return html`
    <p class="quiet">${t.security.text} <a href=${hrefTo('/declare/security-group')}>${t.security.create}</a></p>
    <sw-choice-table
      multiple
      .label=${t.security.group}
      .columns=${[{ text: t.security.group }, { text: t.security.rules, isNumber: true }]}
      .choices=${rows.map((row): Choice => ({ key: row.id ?? '', cells: [row.declared?.name ?? row.name, formatNumber(Number(row['rules'] ?? 0))], why: why(row) }))}
      .chosen=${chosenKeys(rows, (row) => form.securityGroups.includes(nameOf(row) ?? ''))}
      @sw-pick=${(event: CustomEvent<{ keys: readonly string[] }>) =>
        set({ securityGroups: picked(event).flatMap((key) => rows.filter(({ id }) => id === key).flatMap((row) => nameOf(row) ?? [])) })}
    ></sw-choice-table>
  `;
}

export function accessStep({ form, set, fault, of, hrefTo }: StepContext): TemplateResult {
  const keys = declaredHere(of('keypair'), form);
  const others = of('keypair').filter(({ declared }) => !declared).length;
  return html`
    <div class="fields">
      ${selectField({
        label: t.access.key,
        name: 'key',
        value: form.key,
        options: [
          { value: 'none', text: t.access.none },
          ...(keys.length > 0 ? [{ value: 'declared', text: t.access.declared }] : []),
          { value: 'fresh', text: t.access.fresh },
        ],
        set: (key) => set({ key: key as InstanceForm['key'], keyName: key === 'declared' ? (keys[0]?.declared.name ?? '') : '' }),
      })}
      ${
        form.key === 'declared'
          ? selectField({
              label: t.access.keyName,
              name: 'keyName',
              value: form.keyName,
              fault: fault('Instance:spec.keyPairRef'),
              options: keys.map(({ declared }) => ({ value: declared.name, text: declared.name })),
              set: (keyName) => set({ keyName }),
            })
          : nothing
      }
      ${form.key === 'fresh' ? textField({ label: t.access.keyName, name: 'keyName', value: form.keyName, isRequired: true, fault: fault('KeyPair:metadata.name'), hint: t.where.nameHint, set: (keyName) => set({ keyName }) }) : nothing}
      ${textField({ label: t.access.zone, name: 'zone', value: form.zone, hint: t.access.zoneHint, fault: fault('Instance:spec.availabilityZone'), set: (zone) => set({ zone }) })}
    </div>
    ${others === 0 ? nothing : html`<p class="quiet">${t.access.others(formatNumber(others))} <a href=${`${hrefTo('/declare/adopt')}&kind=KeyPair`}>${t.access.adopt}</a></p>`}
    ${form.key === 'fresh' ? areaField({ label: t.access.publicKey, name: 'publicKey', rows: 3, isRequired: true, value: form.publicKey, fault: fault('KeyPair:spec.publicKey'), set: (publicKey) => set({ publicKey }) }) : nothing}
    ${areaField({ label: t.access.userData, name: 'userData', rows: 8, value: form.userData, hint: t.access.userDataHint, fault: fault('Instance:spec.userData'), set: (userData) => set({ userData }) })}
  `;
}
