import type { PropertyDeclarations } from 'lit';
import type { ResourceDetail } from '../../data/resource.ts';
import { SwElement } from '../../elements/element.ts';

/** Base of the tabs: each is given the resource, as it was last read. */
export class SwDetailPart extends SwElement {
  static override properties: PropertyDeclarations = {
    detail: { attribute: false },
    id: { attribute: false },
    query: { attribute: false },
  };

  declare detail: ResourceDetail;
  /** The id of the address. */
  declare id: string;
  declare query: URLSearchParams;

  constructor() {
    super();
    this.query = new URLSearchParams();
  }

  protected get cluster(): string {
    return this.detail.row.cluster;
  }
}
