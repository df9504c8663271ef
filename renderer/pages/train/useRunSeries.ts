import { useEffect, useState } from 'react';
import { call, onEvent } from '../../client/engine.ts';
import { addPoints, NO_SERIES, type SeriesMap } from './seriesStore.ts';
import type { SeriesPoint } from '../../../main/contract/run.ts';

/** Live curves of a run: what has been recorded, then every point as it comes, drawn at most once a frame. */
export function useRunSeries(projectId: string, runId: string | null): SeriesMap {
  const [state, setState] = useState<{ runId: string | null; map: SeriesMap }>({ runId: null, map: NO_SERIES });
  useEffect(() => {
    if (runId === null) return;
    let isStale = false;
    let waiting: SeriesPoint[] = [];
    let frame = 0;
    const flush = () => {
      frame = 0;
      const points = waiting;
      waiting = [];
      if (!isStale) setState((was) => ({ runId, map: addPoints(was.runId === runId ? was.map : NO_SERIES, points) }));
    };
    const take = (points: readonly SeriesPoint[]) => {
      waiting.push(...points);
      if (frame === 0) frame = requestAnimationFrame(flush);
    };
    // Listening starts before the question, so that no point falls between them.
    const off = onEvent((event) => {
      if (event.type === 'series' && event.projectId === projectId && event.runId === runId) take(event.points);
    });
    // Without the recorded points the curve starts here; the live ones still come.
    call('run.series', { projectId, runId }).then(take, () => {});
    return () => {
      isStale = true;
      cancelAnimationFrame(frame);
      off();
    };
  }, [projectId, runId]);
  return state.runId === runId ? state.map : NO_SERIES;
}
