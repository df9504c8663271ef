import { AppError } from '../../../contract/errors.ts';
import type { ColumnType } from '../../../contract/data.ts';
import { identifier, literal, withConnection } from '../../../data/duck.ts';
import type { FittedPipeline } from '../../../models/pipeline/pipeline.ts';

/** A column with at most this share of cells that suit the model has become another. */
const RETYPED_FROM = 0.5;

/**
 * Looks whether columns still hold what the model learned from: numbers where it had numbers, and other than numbers
 * where its categories were none. Throws AppError COLUMN_RETYPED; returns what was noticed but can be scored.
 */
export async function checkTypes(
  { preprocessor }: FittedPipeline,
  file: string,
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): Promise<string[]> {
  const notes: string[] = [];
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  for (const { name, as } of preprocessor.inputs) {
    const type = types.get(name);
    if (as === 'number' && type === 'text') {
      const { known, odd, example } = await textsAmong(file, name);
      if (odd > RETYPED_FROM * known)
        throw retyped(name, `holds texts, like "${example}", where the model learned from numbers`);
      if (odd === 1) notes.push(`The cell "${example}" of "${name}" is no number; it counts as missing.`);
      else if (odd > 1)
        notes.push(`${odd} cells of "${name}" are no numbers, like "${example}"; they count as missing.`);
      continue;
    }
    const plan = preprocessor.state.plans.find((p) => p.name === name);
    if (as !== 'category' || plan?.kind !== 'category' || (type !== 'number' && type !== 'integer')) continue;
    if (plan.levels.length === 0 || plan.levels.some((level) => level.trim() !== '' && !Number.isNaN(Number(level))))
      continue;
    const some = plan.levels
      .slice(0, 3)
      .map((level) => `"${level}"`)
      .join(', ');
    throw retyped(
      name,
      `holds numbers, like ${await anyOf(file, name)}, where the model learned from categories such as ${some}`,
    );
  }
  return notes;
}

const retyped = (name: string, what: string): AppError =>
  new AppError({
    code: 'COLUMN_RETYPED',
    message: `"${name}" ${what}.`,
    fix: { kind: 'chooseFile', label: `Put into "${name}" what it had in training, or leave its cells empty` },
  });

/** Cells of a text column that hold something, those of them that are no numbers, and one of these. */
async function textsAmong(file: string, name: string): Promise<{ known: number; odd: number; example: string }> {
  const column = identifier(name);
  const isOdd = `${column} <> '' AND TRY_CAST(${column} AS DOUBLE) IS NULL`;
  const sql = `SELECT count(*) FILTER (${column} <> ''), count(*) FILTER (${isOdd}), min(${column}) FILTER (${isOdd}) FROM read_parquet(${literal(file)})`;
  const [known, odd, example] = await firstRow(sql);
  return { known: Number(known), odd: Number(odd), example: String(example) };
}

async function anyOf(file: string, name: string): Promise<string> {
  const [value] = await firstRow(`SELECT min(${identifier(name)}) FROM read_parquet(${literal(file)})`);
  return String(value);
}

const firstRow = (sql: string): Promise<unknown[]> =>
  withConnection(async (connection) => (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? []);
