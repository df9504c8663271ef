import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRng } from '../../main/kernels/rng.ts';

const N_ROWS = 6000;

/** A table as a bank might have it: numbers, categories, gaps, and a label that follows from them with some luck. */
export function writeLoans(folder: string): string {
  const rng = createRng(7);
  const purposes = ['car', 'house', 'education', 'business'];
  const lines = ['age;income;debt;purpose;defaulted'];
  for (let i = 0; i < N_ROWS; i++) {
    const age = 18 + rng.int(60);
    const income = Math.round(1500 + 3000 * rng.uniform() + 20 * age);
    const debt = Math.round(income * 4 * rng.uniform());
    const purpose = purposes[rng.int(purposes.length)]!;
    const odds = debt / income - 2 + (purpose === 'business' ? 0.7 : 0) - (age - 40) / 60;
    const isDefault = rng.uniform() < 1 / (1 + Math.exp(-2 * odds));
    lines.push([age, i % 50 === 0 ? '' : income, debt, purpose, isDefault ? 'yes' : 'no'].join(';'));
  }
  const file = path.join(folder, 'loans.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
