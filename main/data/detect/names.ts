/** Column names that are there and differ (DuckDB and ONNX compare without case), with a sentence for each change. */
export function uniqueNames(names: readonly string[]): { names: string[]; warnings: string[] } {
  const taken = new Set<string>();
  const warnings: string[] = [];
  const result = names.map((original, i) => {
    const trimmed = original.trim();
    const wanted = trimmed === '' ? `column${i + 1}` : trimmed;
    let name = wanted;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${wanted}_${k}`;
    taken.add(name.toLowerCase());
    if (trimmed === '') warnings.push(`Column ${i + 1} has no name; it is called "${name}".`);
    else if (name !== wanted)
      warnings.push(`The name "${wanted}" comes more than once; column ${i + 1} is called "${name}".`);
    return name;
  });
  return { names: result, warnings };
}
