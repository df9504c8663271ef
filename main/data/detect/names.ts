/**
 * Column names that are there and differ, with a sentence for each change. Databases compare names without case: of
 * spellings that differ in nothing else, the first by character codes keeps its name and the others are numbered, so that
 * the same columns have the same names in whatever order a file has them.
 */
export function uniqueNames(names: readonly string[]): { names: string[]; warnings: string[] } {
  const wanted = names.map((name, i) => name.trim() || `column${i + 1}`);
  const spellings = new Map<string, Set<string>>();
  const isRepeat = wanted.map((name) => {
    const folded = name.toLowerCase();
    const known = spellings.get(folded) ?? new Set();
    spellings.set(folded, known);
    if (known.has(name)) return true;
    known.add(name);
    return false;
  });
  const ordered = new Map([...spellings].map(([folded, known]) => [folded, [...known].sort()]));
  const spellingsOf = (i: number) => ordered.get(wanted[i]!.toLowerCase())!;
  const rank = wanted.map((name, i) => spellingsOf(i).indexOf(name));
  // First those that keep their names, then those numbered by spelling, then repeats by place.
  const order = [...wanted.keys()].toSorted(
    (a, b) => Number(isRepeat[a]) - Number(isRepeat[b]) || rank[a]! - rank[b]! || a - b,
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
    const [first] = spellingsOf(i);
    return isRepeat[i] || first === wanted[i]
      ? [`The name "${wanted[i]}" comes more than once; column ${i + 1} is called "${name}".`]
      : [`"${wanted[i]}" differs from "${first}" in case only; it is called "${name}".`];
  });
  return { names: result, warnings };
}
