import { css, html, nothing, type TemplateResult } from 'lit';
import { type Explanation, explainGroup, explainRule, type Rule } from '../../data/security-rules.ts';
import { define } from '../../elements/element.ts';
import { declareTexts } from '../../texts/declare.ts';
import { rulesTexts as r } from '../../texts/security-rules.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import { selectField, textField } from './fields.ts';
import { manifest, namespaceOf, type WhereForm } from './instance-form.ts';
import { declaredHere } from './instance-steps.ts';
import { type Step, SwWizard } from './wizard.ts';

interface GroupForm extends WhereForm {
  readonly description: string;
  readonly rules: readonly Rule[];
  readonly policy: 'Exact' | 'Additive';
}

const everybody = '0.0.0.0/0';
const tcp = (port: number): Rule => ({ direction: 'ingress', protocol: 'tcp', portRangeMin: port, remoteIPPrefix: everybody });
const presets: readonly { readonly text: () => string; readonly rules: readonly Rule[] }[] = [
  { text: () => 'SSH', rules: [tcp(22)] },
  { text: () => 'HTTP', rules: [tcp(80)] },
  { text: () => 'HTTPS', rules: [tcp(443)] },
  { text: () => 'RDP', rules: [tcp(3389)] },
  { text: () => 'ping', rules: [{ direction: 'ingress', protocol: 'icmp', portRangeMin: 8, portRangeMax: 0, remoteIPPrefix: everybody }] },
  {
    text: () => r.allOut,
    rules: [
      { direction: 'egress', ethertype: 'IPv4' },
      { direction: 'egress', ethertype: 'IPv6' },
    ],
  },
  { text: () => r.custom, rules: [{ direction: 'ingress', protocol: 'tcp', remoteIPPrefix: everybody }] },
];
const protocols = ['', 'tcp', 'udp', 'icmp', 'ipv6-icmp', 'sctp', 'gre', 'esp', 'vrrp'];
const hasPorts = (protocol = '') => ['tcp', 'udp', 'sctp'].includes(protocol);
const isIcmp = (protocol = '') => protocol.includes('icmp');

/** The way to a security group, with what it opens in words. */
export class SwDeclareSecurityGroup extends SwWizard<GroupForm> {
  static override styles = [
    ...SwWizard.styles,
    css`
      .opens {
        display: grid;
        gap: var(--wa-space-2xs);
        margin: 0;
        padding-inline-start: 1.2em;
      }
      .warning {
        color: var(--wa-color-warning-on-quiet);
      }
      .rule {
        grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr));
      }
      .entry {
        align-items: start;
      }
      .says {
        grid-column: 1 / -1;
      }
    `,
  ];

  protected override readonly draftName = 'security-group';
  protected override readonly empty: GroupForm = {
    cluster: '',
    namespace: 'default',
    isNamespaceNew: false,
    name: '',
    description: '',
    rules: [
      { direction: 'egress', ethertype: 'IPv4' },
      { direction: 'egress', ethertype: 'IPv6' },
    ],
    policy: 'Exact',
  };
  protected override readonly offers = { security_group: ['rules'] };
  protected override heading = () => declareTexts.securityGroup.title;
  protected override kinds = () => ['SecurityGroup'];

  protected override manifests(): readonly object[] {
    const { form } = this;
    const rules = form.rules.map((rule) =>
      Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined && value !== '')),
    );
    return [
      ...namespaceOf(form),
      manifest(form, 'SecurityGroup', form.name, {
        description: form.description,
        rules,
        ...(form.policy === 'Additive' && { rulesPolicy: form.policy }),
      }),
    ];
  }

  protected override ownSteps(): readonly Step[] {
    const more = () => html`
      ${textField({ label: t.where.description, name: 'description', value: this.form.description, fault: this.fault('where', 'SecurityGroup:spec.description'), set: (description) => this.set({ description }) })}
      ${selectField({ label: r.policy, name: 'policy', value: this.form.policy, options: (['Exact', 'Additive'] as const).map((value) => ({ value, text: r.policies[value] })), set: (policy) => this.set({ policy: policy as GroupForm['policy'] }) })}
    `;
    return [
      { ...this.where, asks: [...this.where.asks, 'SecurityGroup:spec.description'], render: () => this.renderWhere(more()) },
      { id: 'rules', title: r.title, asks: ['SecurityGroup:spec.rules'], render: () => this.#rules() },
    ];
  }

  #rules(): TemplateResult {
    const { rules, policy } = this.form;
    const all = [...explainGroup(rules, policy), ...rules.map(explainRule)];
    return html`
      <div class="row">
        <span class="quiet">${r.presets}</span>
        ${presets.map((preset) => html`<wa-button size="s" appearance="outlined" @click=${() => this.set({ rules: [...rules, ...preset.rules] })}>${preset.text()}</wa-button>`)}
      </div>
      ${rules.map((rule, at) => this.#rule(rule, at))}
      <section>
        <h3>${r.opens}</h3>
        <ul class="opens" aria-live="polite">${all.map((one) => html`<li>${explained(one)}</li>`)}</ul>
      </section>
    `;
  }

  #rule(rule: Rule, at: number): TemplateResult {
    const place = `SecurityGroup:spec.rules[${at}]`;
    const change = (with_: Partial<Record<keyof Rule, unknown>>) =>
      this.set({
        rules: this.form.rules.map((one, index) => (index === at ? (withoutNothing({ ...one, ...with_ }) as unknown as Rule) : one)),
      });
    const number = (text: string) => (text === '' ? undefined : Number(text));
    const remote = rule.remoteGroupRef
      ? 'group'
      : rule.remoteIPPrefix === undefined || rule.remoteIPPrefix === everybody || rule.remoteIPPrefix === '::/0'
        ? 'everybody'
        : 'prefix';
    const groups = declaredHere(this.of('security_group'), this.form).map(({ declared }) => declared.name);
    const { name } = this.form;
    return html`<fieldset class="entry">
      <legend class="unseen">${r.rule(at + 1)}</legend>
      <div class="fields rule">
        ${selectField({ label: r.direction, value: rule.direction, options: (['ingress', 'egress'] as const).map((value) => ({ value, text: r.directions[value] })), set: (direction) => change({ direction }) })}
        ${selectField({ label: r.ethertype, value: rule.ethertype ?? 'IPv4', options: ['IPv4', 'IPv6'].map((value) => ({ value, text: value })), set: (ethertype) => change({ ethertype, ...(remote === 'everybody' && { remoteIPPrefix: ethertype === 'IPv6' ? '::/0' : everybody }) }) })}
        ${selectField({ label: r.protocol, value: rule.protocol ?? '', options: protocols.map((value) => ({ value, text: value === '' ? r.anyProtocol : value })), set: (protocol) => change({ protocol, portRangeMin: undefined, portRangeMax: undefined }) })}
        ${
          hasPorts(rule.protocol) || isIcmp(rule.protocol)
            ? html`${textField({ label: isIcmp(rule.protocol) ? r.icmpTypeLabel : r.first, type: 'number', min: 0, value: rule.portRangeMin ?? '', fault: this.fault('rules', `${place}.portRangeMin`), set: (value) => change({ portRangeMin: number(value) }) })}
              ${textField({ label: isIcmp(rule.protocol) ? r.icmpCode : r.last, type: 'number', min: 0, value: rule.portRangeMax ?? '', placeholder: String(rule.portRangeMin ?? ''), fault: this.fault('rules', `${place}.portRangeMax`), set: (value) => change({ portRangeMax: number(value) }) })}`
            : nothing
        }
        ${selectField({
          label: r.remote,
          value: remote,
          options: (['everybody', 'prefix', 'group'] as const).map((value) => ({ value, text: r.remotes[value] })),
          set: (value) =>
            change({
              remoteGroupRef: value === 'group' ? { name } : undefined,
              remoteIPPrefix:
                value === 'everybody'
                  ? rule.ethertype === 'IPv6'
                    ? '::/0'
                    : everybody
                  : value === 'prefix'
                    ? rule.ethertype === 'IPv6'
                      ? 'fd00::/8'
                      : '10.0.0.0/8'
                    : undefined,
            }),
        })}
        ${remote === 'prefix' ? textField({ label: r.prefix, value: rule.remoteIPPrefix ?? '', fault: this.fault('rules', `${place}.remoteIPPrefix`), set: (remoteIPPrefix) => change({ remoteIPPrefix }) }) : nothing}
        ${
          remote === 'group'
            ? selectField({
                label: r.remoteGroup,
                value: rule.remoteGroupRef?.name ?? '',
                options: [
                  { value: name, text: r.itself },
                  ...groups.filter((one) => one !== name).map((value) => ({ value, text: value })),
                ],
                set: (value) => change({ remoteGroupRef: { name: value } }),
              })
            : nothing
        }
      </div>
      <wa-button size="s" appearance="outlined" @click=${() => this.set({ rules: this.form.rules.filter((_, index) => index !== at) })}>${t.remove}</wa-button>
      <div class="says quiet">${explained(explainRule(rule))}</div>
    </fieldset>`;
  }
}

function explained({ text, warning }: Explanation): TemplateResult {
  return html`${text}${warning === undefined ? nothing : html` <span class="warning"><sw-icon name="triangle-alert"></sw-icon> ${warning}</span>`}`;
}

function withoutNothing(rule: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined && value !== ''));
}

define('sw-declare-security-group', SwDeclareSecurityGroup);
