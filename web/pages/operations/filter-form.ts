import { css, html, nothing } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery } from '../../app/router.ts';
import { operationStates } from '../../data/operations.ts';
import { may } from '../../data/session.ts';
import { base, define, SwElement } from '../../elements/element.ts';
import { actionName } from '../../texts/action-names.ts';
import { operationTexts as t } from '../../texts/operations.ts';

/** Which operations are listed; what is chosen goes into the address. */
export class SwOperationFilter extends SwElement {
  static override properties = { query: { attribute: false }, actions: { attribute: false } };
  static override styles = [
    base,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--wa-space-s);
        padding-block-end: var(--wa-space-s);
      }
      wa-select,
      wa-input {
        width: 11rem;
      }
      wa-select[name='action'] {
        width: 15rem;
      }
      @media (max-width: 820px) {
        wa-select,
        wa-input,
        wa-select[name='action'] {
          width: calc(50% - var(--wa-space-s));
          flex: 1 1 9rem;
        }
      }
    `,
  ];

  declare query: URLSearchParams;
  /** Names of actions to choose from: those that occur. */
  declare actions: readonly string[];

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.actions = [];
  }

  override render() {
    const f = t.filter;
    const isAll = this.query.get('whose') === 'all';
    const value = (name: string) => this.query.get(name) ?? '';
    const set = (name: string) => (event: Event) => setQuery({ [name]: (event.target as HTMLInputElement).value || undefined });
    return html`<form role="search" @submit=${(event: Event) => event.preventDefault()}>
      ${
        may('operation.read')
          ? html`<wa-radio-group size="s" orientation="horizontal" label=${f.whose} .value=${isAll ? 'all' : 'mine'} @change=${(event: Event) => whose(event)}>
              <wa-radio appearance="button" value="mine">${t.mine}</wa-radio>
              <wa-radio appearance="button" value="all">${t.everybody}</wa-radio>
            </wa-radio-group>`
          : nothing
      }
      <wa-select name="state" size="s" label=${f.state} with-clear placeholder=${f.any} .value=${value('state')} @change=${set('state')}>
        ${operationStates.map((one) => html`<wa-option value=${one}>${t.states[one]}</wa-option>`)}
      </wa-select>
      <wa-select name="action" size="s" label=${f.action} with-clear placeholder=${f.any} .value=${value('action')} @change=${set('action')}>
        ${[...new Set([...this.actions, ...this.query.getAll('action')])].toSorted().map((one) => html`<wa-option value=${one}>${actionName(one)}</wa-option>`)}
      </wa-select>
      ${isAll ? html`<wa-input size="s" label=${f.actor} with-clear .value=${value('actor')} @change=${set('actor')}></wa-input>` : nothing}
      <wa-input size="s" type="datetime-local" label=${f.since} .value=${value('since')} @change=${set('since')}></wa-input>
      <wa-input size="s" type="datetime-local" label=${f.until} .value=${value('until')} @change=${set('until')}></wa-input>
    </form>`;
  }
}

function whose(event: Event): void {
  const isAll = (event.target as HTMLInputElement).value === 'all';
  setQuery({ whose: isAll ? 'all' : undefined, actor: undefined });
}

define('sw-operation-filter', SwOperationFilter);
