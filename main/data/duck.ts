import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

let instance: Promise<DuckDBInstance> | null = null;
let single: Promise<DuckDBConnection> | null = null;

const OPTIONS = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  preserve_insertion_order: 'true',
  allow_community_extensions: 'false',
};

/** A connection to this process's own in-memory DuckDB. Nothing is fetched: the studio is offline. */
export async function connect(): Promise<DuckDBConnection> {
  instance ??= DuckDBInstance.create(':memory:', OPTIONS);
  return (await instance).connect();
}

/**
 * A connection that stays open, of an instance with one thread: a query that reads a few rows is over before more threads
 * have woken. Not to be closed.
 */
export function singleThreaded(): Promise<DuckDBConnection> {
  single ??= DuckDBInstance.create(':memory:', { ...OPTIONS, threads: '1' }).then((made) => made.connect());
  return single;
}

/** Runs `work` with a connection of its own; an aborted `signal` interrupts the query that runs on it. */
export async function withConnection<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const connection = await connect();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    signal?.throwIfAborted();
    return await work(connection);
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    connection.closeSync();
  }
}

/** SQL text literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
