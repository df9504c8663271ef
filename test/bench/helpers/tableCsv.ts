import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createRng } from '../../../main/kernels/rng.ts';

/** A CSV of numbers, categories, dates and gaps, `nRows` × 10. */
export async function writeTable(file: string, nRows: number): Promise<void> {
  const rng = createRng(1);
  const cities = Array.from({ length: 200 }, (_, i) => `City ${i}`);
  const out = createWriteStream(file);
  out.write('id,age,income,balance,city,segment,since,score,visits,churned\n');
  let text = '';
  for (let i = 0; i < nRows; i++) {
    const income = i % 17 === 0 ? '' : String(Math.round(1e5 * rng.uniform()));
    const since = `20${10 + rng.int(14)}-0${1 + rng.int(9)}-1${rng.int(9)}`;
    text += `${i},${18 + rng.int(70)},${income},${rng.normal().toFixed(4)},${cities[rng.int(200)]!},${'abcdef'[rng.int(6)]!},${since},${rng.uniform().toFixed(6)},${rng.int(400)},${rng.int(5) === 0 ? 1 : 0}\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
}
