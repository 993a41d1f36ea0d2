/** What both drizzle proxies hand down: a statement, its values, and how the rows are wanted. */
export type Execute = (sql: string, params: unknown[], method: 'run' | 'execute' | 'all' | 'values' | 'get') => Promise<Result>;

export interface Result {
  /** Rows as arrays of columns; one row for `get`. For `execute` what mysql2 answers: a header with affectedRows. */
  readonly rows: unknown[];
  readonly changes: number;
}

/** A transaction that has begun. After commit or rollback, also a failed one, its connection is given back. */
export interface Begun {
  readonly execute: Execute;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** What differs between the databases, below drizzle. Errors are StoreErrors. */
export interface Engine {
  readonly name: 'sqlite' | 'mysql';
  /** One statement outside every transaction. */
  readonly execute: Execute;
  begin(): Promise<Begun>;
  migrate(): Promise<void>;
  close(): Promise<void>;
}
