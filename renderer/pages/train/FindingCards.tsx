import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { RunFinding } from '../../../main/contract/run.ts';
import { describePatch } from './describePatch.ts';
import './train.css';

const ICONS = { error: IconAlertTriangle, warning: IconAlertTriangle, info: IconInfoCircle } as const;

export interface FindingCardsProps {
  readonly findings: readonly RunFinding[];
  readonly warnings?: readonly string[];
  /** The file the remedies would change, to show what they do. */
  readonly yaml: string;
  /** Writes the patch into the file; with `isRetrain` a new run starts at once. */
  readonly onApply?: (patch: Readonly<Record<string, unknown>>, isRetrain: boolean) => void;
}

/** What Pith noticed, with its evidence; each remedy shows what it changes before it does. */
export function FindingCards({ findings, warnings = [], yaml, onApply }: FindingCardsProps) {
  if (findings.length === 0 && warnings.length === 0) {
    return (
      <p className="finding is-quiet">
        <IconCheck size={14} stroke={1.6} /> Nothing to report.
      </p>
    );
  }
  return (
    <ul className="findings">
      {findings.map((f) => {
        const Icon = ICONS[f.severity];
        return (
          <li key={`${f.code}/${f.title}`} className={`finding is-${f.severity}`}>
            <Icon size={16} stroke={1.4} aria-label={f.severity} />
            <div>
              <h4>{f.title}</h4>
              <p>{f.detail}</p>
              {f.remedies.map((r) => (
                <div key={r.label} className="finding-remedy">
                  <pre aria-label={`What "${r.label}" changes`}>
                    {describePatch(yaml, r.patch).map((line) => (
                      <span key={line.text} className={`is-${line.kind}`}>
                        {line.kind === 'removed' ? '− ' : '+ '}
                        {line.text}
                        {'\n'}
                      </span>
                    ))}
                  </pre>
                  {onApply && (
                    <div className="finding-buttons">
                      <Button size="compact-xs" className="is-wrapping" onClick={() => onApply(r.patch, true)}>
                        {r.label} and retrain
                      </Button>
                      <Button size="compact-xs" variant="subtle" onClick={() => onApply(r.patch, false)}>
                        Only change the file
                      </Button>
                    </div>
                  )}
                </div>
              ))}
            </div>
          </li>
        );
      })}
      {warnings.map((w) => (
        <li key={w} className="finding is-warning">
          <IconAlertTriangle size={16} stroke={1.4} aria-label="warning" />
          <p>{w}</p>
        </li>
      ))}
    </ul>
  );
}
