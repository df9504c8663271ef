import type { RunResult } from './evaluation.ts';

/** What the numbers of a run were computed from, with and on. */
export function Origin({ result }: { result: RunResult }) {
  const { versions, nFeatures, provenance } = result;
  const lines: [string, string][] = [
    [
      'Versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ...(nFeatures === undefined ? [] : [['Features', String(nFeatures)] as [string, string]]),
    ...(provenance
      ? ([
          ['Data', provenance.dataHash.slice(0, 12)],
          ['Configuration', provenance.configHash.slice(0, 12)],
          [
            'Machine',
            `${provenance.machine.cpu} (${provenance.machine.instructions.join(', ')}), ${provenance.machine.threads} threads`,
          ],
        ] as [string, string][])
      : []),
  ];
  return (
    <section className="run-inspector-part" aria-label="Computed from">
      <h3>Computed from</h3>
      {result.final && <p className="run-hint">{result.final.note}</p>}
      {lines.map(([name, text]) => (
        <p className="run-hint" key={name}>
          {name}: {text}
        </p>
      ))}
    </section>
  );
}
