import { IconAlertTriangle } from '@tabler/icons-react';
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useForm } from './formContext.ts';

export interface FieldProps {
  readonly path: string;
  readonly label: string;
  readonly help?: string | undefined;
  readonly unit?: string | undefined;
  readonly id: string;
  readonly children: ReactNode;
}

/** Label, control, and under it the problem of this path with its fix: the same that stands on the line. */
export function Field({ path, label, help, unit, id, children }: FieldProps) {
  const form = useForm();
  const problem = form.problems(path)[0];
  return (
    <div className={problem ? `field is-${problem.severity}` : 'field'} onFocus={() => form.visit(path)}>
      <Tooltip
        label={help}
        disabled={!help}
        position="bottom-start"
        multiline
        maw={280}
        openDelay={350}
        events={{ hover: true, focus: false, touch: false }}
      >
        <label htmlFor={id}>
          {label}
          {unit && <em> {unit}</em>}
        </label>
      </Tooltip>
      <div className="field-control">
        {children}
        {problem && (
          <p className="field-problem" id={`${id}-problem`} role="alert">
            <IconAlertTriangle size={12} stroke={1.6} />
            <span>{problem.message}</span>
            {problem.fix && (
              <button
                type="button"
                className="pith-link"
                onClick={() => form.set({ [path]: parseFix(problem.fix!.replacement) })}
              >
                {problem.fix.label}
              </button>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

/** A fix is YAML text; the field needs its value. */
function parseFix(replacement: string): unknown {
  const text = replacement.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (text === 'true' || text === 'false') return text === 'true';
  const n = Number(text);
  return text !== '' && Number.isFinite(n) ? n : text;
}
