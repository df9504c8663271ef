/** How many runs have looked at the same test rows, and what follows from it. */
export function looksSentence(looks: number, looksInPart = 0): string {
  const rows = looksInPart > 0 ? 'these test rows or some of them' : 'these test rows';
  if (looks === 1) return `1 run has looked at ${looksInPart > 0 ? 'some of these test rows' : rows}.`;
  return `${looks} runs have looked at ${rows}; the best of them is flattered.`;
}
