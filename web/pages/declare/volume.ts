import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../elements/element.ts';
import { declareTexts } from '../../texts/declare.ts';
import { validationTexts } from '../../texts/validation.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import { checkField, selectField, textField } from './fields.ts';
import { manifest, namespaceOf, type Selector, type WhereForm } from './instance-form.ts';
import { declaredHere, imageTable, typeOptions } from './instance-steps.ts';
import { type Fault, type Step, SwWizard } from './wizard.ts';

interface VolumeForm extends WhereForm {
  readonly description: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly source: 'empty' | 'image' | 'snapshot' | 'volume';
  readonly image?: Selector;
  readonly from: string;
  readonly bootable: boolean;
}

/** The way to a volume. */
export class SwDeclareVolume extends SwWizard<VolumeForm> {
  protected override readonly draftName = 'volume';
  protected override readonly empty: VolumeForm = {
    cluster: '',
    namespace: 'default',
    isNamespaceNew: false,
    name: '',
    description: '',
    sizeGiB: 10,
    type: '',
    source: 'empty',
    from: '',
    bootable: false,
  };
  protected override readonly offers = {
    image: ['size', 'minDisk', 'format'],
    volume: ['size'],
    volume_snapshot: ['size'],
    volume_type: [],
  };
  protected override heading = () => declareTexts.volume.title;
  protected override kinds = () => ['Volume'];

  protected override manifests(): readonly object[] {
    const { form } = this;
    const { name, description, sizeGiB, type, source, image, from, bootable } = form;
    const spec = {
      sizeGiB,
      volumeType: type,
      description,
      ...(source === 'image' && { image }),
      ...(source === 'snapshot' && { snapshotRef: { name: from } }),
      ...(source === 'volume' && { volumeRef: { name: from } }),
      ...(bootable && { bootable }),
    };
    return [...namespaceOf(form), manifest(form, 'Volume', name, spec)];
  }

  protected override moreFaults(): readonly Fault[] {
    const { source, image } = this.form;
    return source === 'image' && !image ? [{ at: 'Volume:spec.image', message: validationTexts.required(t.volume.image) }] : [];
  }

  protected override ownSteps(): readonly Step[] {
    return [this.where, { id: 'volume', title: t.volume.details, asks: ['Volume:spec'], render: () => this.#details() }];
  }

  #details(): TemplateResult {
    const { form } = this;
    const fault = (...places: readonly string[]) => this.fault('volume', ...places);
    const froms = declaredHere(this.of(form.source === 'snapshot' ? 'volume_snapshot' : 'volume'), form);
    const pick = (from: string) => {
      const size = Number(froms.find(({ declared }) => declared.name === from)?.['size'] ?? 0);
      this.set({ from, sizeGiB: Math.max(form.sizeGiB, size) });
    };
    const sources = (['empty', 'image', 'snapshot', 'volume'] as const).map((value) => ({ value, text: t.volume.sources[value] }));
    return html`
      <div class="fields">
        ${textField({ label: t.volume.size, name: 'size', type: 'number', min: 1, isRequired: true, value: form.sizeGiB, fault: fault('Volume:spec.sizeGiB'), set: (value) => this.set({ sizeGiB: Number(value) }) })}
        ${selectField({ label: t.volume.type, name: 'type', value: form.type, options: typeOptions(this.of('volume_type')), set: (type) => this.set({ type }) })}
        ${selectField({ label: t.volume.source, name: 'source', value: form.source, options: sources, set: (source) => this.set({ source: source as VolumeForm['source'], from: '' }) })}
        ${
          form.source === 'snapshot' || form.source === 'volume'
            ? selectField({
                label: form.source === 'snapshot' ? t.volume.snapshot : t.volume.copy,
                name: 'from',
                value: form.from,
                fault: fault('Volume:spec.snapshotRef', 'Volume:spec.volumeRef'),
                options: froms.map(({ declared }) => ({ value: declared.name, text: declared.name })),
                set: pick,
              })
            : nothing
        }
        ${textField({ label: t.where.description, name: 'description', value: form.description, fault: fault('Volume:spec.description'), set: (description) => this.set({ description }) })}
        ${checkField({ label: t.volume.bootable, value: form.bootable, set: (bootable) => this.set({ bootable }) })}
      </div>
      ${form.source === 'image' ? imageTable(this.of('image'), { chosen: form.image, fault: fault('Volume:spec.image'), set: (image) => this.set({ image }) }) : nothing}
    `;
  }
}

define('sw-declare-volume', SwDeclareVolume);
