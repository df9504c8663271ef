import { useCallback, useEffect, useState } from 'react';
import type { EngineEvent } from '../../../main/contract/channels.ts';
import { onEvent } from '../../client/engine.ts';

export interface Reading<T> {
  readonly value: T | null;
  /** Why the last reading failed; the value of the one before stays. */
  readonly error: unknown;
  /** Reads again; resolves when it has. */
  readonly reload: () => Promise<void>;
  readonly setError: (error: unknown) => void;
}

/**
 * What `read` answers, read again on every event that `isAbout` accepts. Both must be stable (useCallback).
 * An answer that comes after a newer question is dropped.
 */
export function useReading<T>(read: () => Promise<T>, isAbout: (event: EngineEvent) => boolean): Reading<T> {
  const [state, setState] = useState<{ read: () => Promise<T>; value: T } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const take = useCallback(
    (value: T) => {
      setState({ read, value });
      setError(null);
    },
    [read],
  );
  const reload = useCallback(() => read().then(take, setError), [read, take]);
  useEffect(() => {
    let isGone = false;
    const ask = () => {
      read().then(
        (value) => !isGone && take(value),
        (cause: unknown) => !isGone && setError(cause),
      );
    };
    ask();
    const off = onEvent((event) => {
      if (isAbout(event)) ask();
    });
    return () => {
      isGone = true;
      off();
    };
  }, [read, take, isAbout]);
  return { value: state?.read === read ? state.value : null, error, reload, setError };
}
