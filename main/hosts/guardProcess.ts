import type { Engine } from '../jobs/engine.ts';

/**
 * For hosts that live long: a promise nobody waited for is a bug, but no reason to take the studio away from the
 * person; it goes to the log. After an exception nobody caught the state is unknown: log it and let the host restart.
 */
export function guardProcess(engine: Engine): void {
  process.on('unhandledRejection', (cause) => engine.home.log(`unhandled rejection: ${describe(cause)}`));
  process.on('uncaughtException', (cause) => {
    engine.home.log(`uncaught exception: ${describe(cause)}`);
    process.exit(1);
  });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
