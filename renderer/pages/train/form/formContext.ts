import { createContext, useContext } from 'react';
import type { ConfigProblem, EstimatorSpec } from '../../../../main/contract/config.ts';

/** What a field needs of the file it edits. Paths are dotted: `model.params.C`. */
export interface FormApi {
  /** The value as it stands in the file, whatever its type; undefined when left out. */
  value(path: string): unknown;
  problems(path: string): readonly ConfigProblem[];
  /** Writes the value into the file; undefined takes the key out. */
  set(patch: Readonly<Record<string, unknown>>): void;
  /** The person went to this field: the editor shows its line. */
  visit(path: string): void;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly estimators: readonly EstimatorSpec[];
  readonly isReadOnly: boolean;
}

export const FormContext = createContext<FormApi | null>(null);

export function useForm(): FormApi {
  const form = useContext(FormContext);
  if (!form) throw new Error('useForm outside of ConfigForm');
  return form;
}
