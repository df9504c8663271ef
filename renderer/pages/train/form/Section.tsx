import { IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useForm } from './formContext.ts';

/** A part of the form that folds; it opens by itself when one of its fields has a problem. */
export function Section({
  title,
  isOpen = true,
  paths = [],
  children,
}: {
  title: string;
  isOpen?: boolean;
  paths?: readonly string[];
  children: ReactNode;
}) {
  const form = useForm();
  const [wanted, setWanted] = useState(isOpen);
  const hasProblem = paths.some((p) => form.problems(`${p}.*`).length > 0);
  const open = wanted || hasProblem;
  return (
    <fieldset className="form-section">
      <legend>
        <button type="button" aria-expanded={open} onClick={() => setWanted((was) => !was)}>
          <IconChevronRight size={14} stroke={1.6} className={open ? 'is-open' : ''} />
          {title}
        </button>
      </legend>
      {open && children}
    </fieldset>
  );
}
