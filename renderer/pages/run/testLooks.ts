/** How many runs have looked at the same test rows, and what follows from it. */
export function looksSentence(looks: number): string {
  if (looks === 1) return '1 run has looked at these test rows.';
  return `${looks} runs have looked at these test rows; the best of them is flattered.`;
}
