import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../elements/element.ts';
import { declareTexts } from '../../texts/declare.ts';
import { wizardTexts as t } from '../../texts/wizard.ts';
import { checkField, selectField, textField } from './fields.ts';
import { manifest, namespaceOf, type WhereForm } from './instance-form.ts';
import { rowChosen, selectorOf } from './instance-steps.ts';
import { type Step, SwWizard } from './wizard.ts';

interface NetworkForm extends WhereForm {
  readonly description: string;
  readonly hasSubnet: boolean;
  readonly cidr: string;
  readonly gateway: string;
  readonly hasGateway: boolean;
  readonly dhcp: boolean;
  readonly dns: string;
  readonly hasRouter: boolean;
  /** Id of the external network; '' for none. */
  readonly external: string;
}

/** The way to a network with its subnet, and a router that leads outside. */
export class SwDeclareNetwork extends SwWizard<NetworkForm> {
  protected override readonly draftName = 'network';
  protected override readonly empty: NetworkForm = {
    cluster: '',
    namespace: 'default',
    isNamespaceNew: false,
    name: '',
    description: '',
    hasSubnet: true,
    cidr: '10.0.0.0/24',
    gateway: '',
    hasGateway: true,
    dhcp: true,
    dns: '',
    hasRouter: false,
    external: '',
  };
  protected override readonly offers = { network: ['external'] };
  protected override heading = () => declareTexts.network.title;
  protected override kinds = () => ['Network'];

  protected override manifests(): readonly object[] {
    const { form } = this;
    const { name, description, cidr, gateway, hasGateway, dhcp, dns } = form;
    const servers = dns.split(/[\s,，]+/).filter(Boolean);
    const subnet = {
      networkRef: { name },
      cidr,
      ...(hasGateway ? { gatewayIP: gateway } : { disableGateway: true }),
      ...(!dhcp && { enableDHCP: false }),
      ...(servers.length > 0 && { dnsNameservers: servers }),
    };
    return [
      ...namespaceOf(form),
      manifest(form, 'Network', name, { description }),
      ...(form.hasSubnet ? [manifest(form, 'Subnet', name, subnet)] : []),
      ...(form.hasSubnet && form.hasRouter ? [manifest(form, 'Router', name, this.#router())] : []),
    ];
  }

  #router(): object {
    const { name, external } = this.form;
    const rows = this.of('network');
    const row = rowChosen(rows, { id: external });
    const way = row
      ? { externalGateway: { network: selectorOf(row, rows) } }
      : external === ''
        ? {}
        : { externalGateway: { network: { id: external } } };
    return { ...way, interfaces: [{ subnetRef: { name } }] };
  }

  protected override ownSteps(): readonly Step[] {
    const description = () =>
      textField({
        label: t.where.description,
        name: 'description',
        value: this.form.description,
        fault: this.fault('where', 'Network:spec.description'),
        set: (value) => this.set({ description: value }),
      });
    return [
      { ...this.where, asks: [...this.where.asks, 'Network:spec'], render: () => this.renderWhere(description()) },
      { id: 'subnet', title: t.net.details, asks: ['Subnet:', 'Router:'], render: () => this.#details() },
    ];
  }

  #details(): TemplateResult {
    const { form } = this;
    const fault = (...places: readonly string[]) => this.fault('subnet', ...places);
    const outside = this.of('network').filter((row) => row['external'] === true);
    const set = (change: Partial<NetworkForm>) => this.set(change);
    return html`
      <div>${checkField({ label: t.net.subnet, value: form.hasSubnet, set: (hasSubnet) => set({ hasSubnet }) })}</div>
      ${
        form.hasSubnet
          ? html`<div class="fields">
              ${textField({ label: t.net.cidr, name: 'cidr', isRequired: true, value: form.cidr, hint: t.net.cidrHint, fault: fault('Subnet:spec.cidr'), set: (cidr) => set({ cidr }) })}
              ${form.hasGateway ? textField({ label: t.net.gateway, name: 'gateway', value: form.gateway, hint: t.net.gatewayHint, fault: fault('Subnet:spec.gatewayIP'), set: (gateway) => set({ gateway }) }) : nothing}
              ${textField({ label: t.net.dns, name: 'dns', value: form.dns, hint: t.net.dnsHint, fault: fault('Subnet:spec.dnsNameservers'), set: (dns) => set({ dns }) })}
            </div>
            <div class="row">
              ${checkField({ label: t.net.noGateway, value: !form.hasGateway, set: (hasNone) => set({ hasGateway: !hasNone }) })}
              ${checkField({ label: t.net.dhcp, value: form.dhcp, set: (dhcp) => set({ dhcp }) })}
            </div>
            <div>${checkField({ label: t.net.router, value: form.hasRouter, set: (hasRouter) => set({ hasRouter, external: hasRouter ? (outside[0]?.id ?? '') : '' }) })}</div>`
          : html`<p class="quiet">${t.net.needsSubnet}</p>`
      }
      ${
        form.hasSubnet && form.hasRouter
          ? html`<div class="fields">
              ${selectField({ label: t.net.external, name: 'external', value: form.external, fault: fault('Router:spec.externalGateway'), options: [{ value: '', text: t.net.noExternal }, ...outside.map(({ id, name }) => ({ value: id ?? '', text: name || (id ?? '') }))], set: (external) => set({ external }) })}
            </div>`
          : nothing
      }
    `;
  }
}

define('sw-declare-network', SwDeclareNetwork);
