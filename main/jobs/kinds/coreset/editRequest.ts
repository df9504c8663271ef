import type { CoresetSource } from '../../../contract/coreset.ts';
import type { Cell } from '../../../contract/json.ts';
import type { Recalc } from '../../../coreset/tree/editLog.ts';

/** What an edit asked for, as kept in the store: cells by row id. */
export interface EditRequest {
  readonly targets?: Readonly<Record<string, Cell>> | undefined;
  readonly features?: Readonly<Record<string, Readonly<Record<string, Cell>>>> | undefined;
  readonly rowIds?: readonly number[] | undefined;
  readonly recalc?: Recalc;
  /** Multipliers of the root's weights after it, little-endian doubles in base64. */
  readonly solution?: string;
  /** Leaves that were added, and where their rows are. */
  readonly appended?: CoresetSource & { readonly artefact: string };
  /** The first leaf that stayed. */
  readonly window?: { readonly ordinal: number };
  readonly grow?: { readonly nRows: number };
}
