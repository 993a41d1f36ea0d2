/** A question nobody could have meant. `message` names the part that is wrong and says what is allowed. */
export class BadQuery extends Error {
  override name = 'BadQuery';
  /** The parameter that is wrong: filter, sort, fields, column or cursor. */
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
