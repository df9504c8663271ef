/** The one JSON document of `--json`. Resolves when it is written, so that a pipe gets all of it before exit. */
export function printJson(value: unknown): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`, () => resolve());
  });
}

/** Rows as aligned columns; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, k) => Math.max(name.length, ...rows.map((row) => (row[k] ?? '').length)));
  const isNumber = header.map(
    (_, k) => rows.length > 0 && rows.every((row) => /^([-+]?[\d.,]*(e[-+]?\d+)?|–)$/.test(row[k] ?? '')),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, k) => (isNumber[k] ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** At most four significant digits, without exponent where that is short. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}
