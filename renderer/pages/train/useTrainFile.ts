import { useCallback, useEffect, useRef, useState } from 'react';
import type { ConfigProblem, RunConfig } from '../../../main/contract/config.ts';
import { call } from '../../client/engine.ts';

const SAVE_PAUSE_MS = 600;
const CHECK_PAUSE_MS = 120;

export interface TrainFile {
  readonly yaml: string;
  readonly isDirty: boolean;
  readonly problems: readonly ConfigProblem[];
  /** Null while the file has errors, or has not been checked yet. */
  readonly config: RunConfig | null;
  readonly isChecked: boolean;
  readonly saveError: string | null;
  edit(yaml: string): void;
}

/** One train file being edited: checked as it is typed, saved when typing pauses and when it is left. */
export function useTrainFile(projectId: string, name: string, initial: string, isReadOnly: boolean): TrainFile {
  const [yaml, setYaml] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const [saveError, setSaveError] = useState<string | null>(null);
  const [check, setCheck] = useState<{
    yaml: string;
    config: RunConfig | null;
    problems: readonly ConfigProblem[];
  } | null>(null);
  const pending = useRef<string | null>(null);

  const save = useCallback(async () => {
    const text = pending.current;
    if (text === null) return;
    pending.current = null;
    try {
      await call('config.save', { projectId, name, yaml: text });
      setSaved(text);
      setSaveError(null);
    } catch (cause) {
      setSaveError(cause instanceof Error ? cause.message : String(cause));
    }
  }, [projectId, name]);

  useEffect(() => {
    if (yaml === saved || isReadOnly) return;
    pending.current = yaml;
    const timer = window.setTimeout(() => void save(), SAVE_PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [yaml, saved, save, isReadOnly]);
  // What is still waiting when the file is left must not be lost.
  useEffect(() => () => void save(), [save]);

  useEffect(() => {
    let isStale = false;
    const timer = window.setTimeout(() => {
      call('config.check', { projectId, yaml })
        .then((answer) => !isStale && setCheck({ yaml, ...answer }))
        // The engine is away: the shell says so; the file can still be edited.
        .catch(() => !isStale && setCheck({ yaml, config: null, problems: [] }));
    }, CHECK_PAUSE_MS);
    return () => {
      isStale = true;
      window.clearTimeout(timer);
    };
  }, [projectId, yaml]);

  return {
    yaml,
    isDirty: yaml !== saved,
    problems: check?.problems ?? [],
    config: check?.yaml === yaml ? check.config : null,
    isChecked: check?.yaml === yaml,
    saveError,
    edit: setYaml,
  };
}
