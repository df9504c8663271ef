/**
 * Column names that are there and differ, with a sentence for each change. Databases compare names without case: of
 * spellings that differ in nothing else, the first by character codes keeps its name and the others are numbered, so that
 * the same columns have the same names in whatever order a file has them.
 */
export function uniqueNames(names: readonly string[]): { names: string[]; warnings: string[] } {
  const wanted = names.map((name, i) => name.trim() || `column${i + 1}`);
  const spellings = new Map<string, string[]>();
  for (const name of wanted) {
    const known = spellings.get(name.toLowerCase()) ?? [];
    if (!known.includes(name)) known.push(name);
    spellings.set(name.toLowerCase(), known);
  }
  // First those that keep their names, then those numbered by spelling, then repeats by place.
  const isRepeat = (i: number) => wanted.indexOf(wanted[i]!) !== i;
  const rankOf = (i: number) => spellings.get(wanted[i]!.toLowerCase())!.toSorted().indexOf(wanted[i]!);
  const order = [...wanted.keys()].toSorted(
    (a, b) => Number(isRepeat(a)) - Number(isRepeat(b)) || rankOf(a) - rankOf(b) || a - b,
  );
  const taken = new Set<string>();
  const result = [...wanted];
  for (const i of order) {
    for (let k = 2; taken.has(result[i]!.toLowerCase()); k++) result[i] = `${wanted[i]}_${k}`;
    taken.add(result[i]!.toLowerCase());
  }
  const warnings = result.flatMap((name, i) => {
    if (names[i]!.trim() === '') return [`Column ${i + 1} has no name; it is called "${name}".`];
    if (name === wanted[i]) return [];
    const [first] = spellings.get(wanted[i]!.toLowerCase())!.toSorted();
    return isRepeat(i) || first === wanted[i]
      ? [`The name "${wanted[i]}" comes more than once; column ${i + 1} is called "${name}".`]
      : [`"${wanted[i]}" differs from "${first}" in case only; it is called "${name}".`];
  });
  return { names: result, warnings };
}
