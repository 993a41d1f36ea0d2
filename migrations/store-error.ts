/** What went wrong, for programs; the message is for people. */
export type StoreErrorCode =
  /** A row with this key is there already. */
  | 'duplicate'
  /** Another Stackwarden, or another program, holds the database. */
  | 'locked'
  | 'corrupt'
  | 'full'
  | 'readonly'
  | 'unreachable'
  | 'denied'
  /** The database was migrated by a newer Stackwarden, or is no Stackwarden database. */
  | 'newer'
  | 'foreign'
  | 'address'
  /** Used in the wrong place: the outer store inside a transaction, a transaction after its end, a closed store. */
  | 'misuse'
  | 'failed';

/** An error of the database that names it and the next step. It carries no values of rows and no credentials, so it may be logged. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** Running the transaction again may help: deadlock, lock wait. */
  readonly retry: boolean;
  /** Nothing more can be done in the transaction it came from. */
  get endsTransaction(): boolean {
    return this.retry || this.code === 'unreachable' || this.code === 'full' || this.code === 'corrupt';
  }
  constructor(code: StoreErrorCode, message: string, options: { retry?: boolean } = {}) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.retry = options.retry ?? false;
  }
}

/** The StoreError in an error or behind it (drizzle wraps what a query throws). */
export function storeErrorOf(error: unknown): StoreError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof StoreError) return at;
  }
  return undefined;
}

/** Whether a write failed because its key is taken. */
export function isDuplicate(error: unknown): boolean {
  return storeErrorOf(error)?.code === 'duplicate';
}

const outages: readonly StoreErrorCode[] = ['full', 'readonly', 'locked', 'corrupt', 'unreachable', 'denied'];

/** The StoreError behind an error, if the database as a whole cannot serve now; its message is for whoever asked. */
export function outageOf(error: unknown): StoreError | undefined {
  const found = storeErrorOf(error);
  return found && outages.includes(found.code) ? found : undefined;
}

interface SqliteError extends Error {
  readonly code?: string;
  readonly errcode?: number;
}

/** Sorts an error of node:sqlite; `file` is how people know the database. */
export function fromSqlite(error: unknown, file: string): unknown {
  const { code, errcode, message } = error as SqliteError;
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return error;
  // The low byte is the result code, the rest refines it: https://sqlite.org/rescode.html
  switch (errcode & 0xff) {
    case 5:
    case 6:
      return new StoreError(
        'locked',
        `${file} is locked by another program. End what has it open (a backup, an sqlite3 shell), then try again.`,
      );
    case 8:
      return new StoreError(
        'readonly',
        `${file} cannot be written. Give this user write permission on the file and its directory, or choose another place.`,
      );
    case 11:
    case 26:
      return new StoreError(
        'corrupt',
        `${file} is not a usable database (${message}). Put a backup in its place, or move it away to start empty; Stackwarden changes nothing in it.`,
      );
    case 13:
      return full(file);
    case 14:
      return new StoreError(
        'readonly',
        `${file} cannot be opened or created. Check that its directory exists and that this user may write there.`,
      );
    case 19:
      if (errcode === 1555 || errcode === 2067 || errcode === 2579)
        return new StoreError('duplicate', `${file} holds a row with this key already.`);
      return new StoreError('failed', `${file} refused a row: ${message}.`);
    case 10:
      // SQLITE_IOERR_SHMSIZE: the shared memory file of the log could not grow, which at a start is how a full disk shows.
      if (errcode === 4874) return full(file);
      return new StoreError('failed', `Reading or writing ${file} failed (${message}, ${errcode}). Check the disk that holds it.`);
    default:
      return new StoreError('failed', `A statement on ${file} failed: ${message} (${errcode}).`);
  }
}

function full(file: string): StoreError {
  return new StoreError('full', `The disk that holds ${file} is full. Free some space and try again; nothing is half written.`);
}

interface MysqlError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlMessage?: string;
}

/** Messages of these name columns and tables only, never values. */
const harmless = new Set([
  'ER_BAD_FIELD_ERROR',
  'ER_NO_SUCH_TABLE',
  'ER_DATA_TOO_LONG',
  'ER_WARN_DATA_OUT_OF_RANGE',
  'ER_BAD_NULL_ERROR',
  'ER_TABLE_EXISTS_ERROR',
]);

/** Sorts an error of mysql2, whose own message and `sql` may hold values; `place` is the address without the password. */
export function fromMysql(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const { code = error.name, errno, sqlMessage } = error as MysqlError;
  switch (code) {
    case 'ER_DUP_ENTRY':
      return new StoreError('duplicate', `${place} holds a row with this key already.`);
    case 'ER_LOCK_DEADLOCK':
    case 'ER_LOCK_WAIT_TIMEOUT':
      return new StoreError('locked', `${place} was busy with other transactions (${code}). Try again.`, { retry: true });
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return new StoreError(
        'denied',
        `${place} refused access (${code}). Check user and password, and GRANT ALL ON the database to this user.`,
      );
    case 'ER_BAD_DB_ERROR':
      return new StoreError('denied', `${place}: there is no such database. Create it with CREATE DATABASE, then start again.`);
    case 'ER_DISK_FULL':
    case 'ER_RECORD_FILE_FULL':
      return new StoreError('full', `The disk of ${place} is full. Free some space there and try again; nothing is half written.`);
    case 'ER_OPTION_PREVENTS_STATEMENT':
    case 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION':
      return new StoreError('readonly', `${place} takes no writes (${code}): it may be a replica. Point Stackwarden at the primary.`);
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ER_CON_COUNT_ERROR':
    case 'ER_SERVER_SHUTDOWN':
      return new StoreError(
        'unreachable',
        `${place} cannot be reached (${code}). Check that the server runs and that host and port are right.`,
      );
    default:
      return new StoreError(
        'failed',
        `A statement on ${place} failed: ${code}${errno ? ` (${errno})` : ''}${harmless.has(code) ? `: ${sqlMessage}` : ''}.`,
      );
  }
}
