import { readFileSync } from 'node:fs';
import { FidelityCurve } from '../../../contract/coreset.ts';

/** A curve as the job left it. */
export const readCurve = (path: string): FidelityCurve => FidelityCurve.parse(JSON.parse(readFileSync(path, 'utf8')));
