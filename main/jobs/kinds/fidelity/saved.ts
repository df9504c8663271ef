import type { FidelityCurve } from '../../../contract/coreset.ts';

/** CPU seconds of this process, all threads, between laps. */
export class CpuClock {
  private last = process.cpuUsage();

  lap(): number {
    const { user, system } = process.cpuUsage(this.last);
    this.last = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

/** Watts a busy core is taken to draw beyond an idle one. */
const WATTS = 10;

/** What fits on the coreset save, from CPU time that was measured. */
export function savedBy(
  fullCpu: number,
  draws: readonly { readonly build: number; readonly fit: number }[],
  nTrain: number,
  size: number,
): NonNullable<FidelityCurve['saved']> {
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  const buildCpuSeconds = middle(draws.map(({ build }) => build));
  const fit = middle(draws.map((draw) => draw.fit));
  const cpuSecondsPerFit = Math.max(0, fullCpu - fit);
  const seconds = (value: number) => `${Number(value.toPrecision(2))} s`;
  return {
    cpuSecondsPerFit,
    buildCpuSeconds,
    wattHoursPer100Fits: (Math.max(0, 100 * cpuSecondsPerFit - buildCpuSeconds) * WATTS) / 3600,
    explanation: `CPU time of all threads as measured here: a fit on ${nTrain.toLocaleString('en')} rows took ${seconds(fullCpu)}, one on ${size.toLocaleString('en')} rows ${seconds(fit)}, the build ${seconds(buildCpuSeconds)}. ${WATTS} W per busy core assumed.`,
  };
}
