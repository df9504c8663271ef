import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../contract/data.ts';
import { jobNodeFlags } from '../process/jobProcess.ts';

export interface DependenceQuestion {
  readonly file: string;
  readonly target: string;
}

export type DependenceAnswer = { readonly findings: readonly Finding[] } | { readonly failed: string };

const processPath = fileURLToPath(new URL('./process.ts', import.meta.url));
const HEAP_MB = 1024;
/** Answers kept: the page asks again with every visit, and a version never changes. */
const MAX_KEPT = 50;
const kept = new Map<string, Promise<Finding[]>>();

/** Findings about rows that depend on each other, looked for in a process of its own; kept for the next time. */
export function askDependence(question: DependenceQuestion): Promise<Finding[]> {
  const key = JSON.stringify([question.file, question.target]);
  const known = kept.get(key);
  if (known) return known;
  const asked = ask(question).then((answer) => {
    if ('findings' in answer) return [...answer.findings];
    kept.delete(key);
    return [notLooked(answer.failed)];
  });
  kept.set(key, asked);
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
  return asked;
}

function ask(question: DependenceQuestion): Promise<DependenceAnswer> {
  return new Promise((resolve) => {
    const child = fork(processPath, [], {
      execArgv: jobNodeFlags(HEAP_MB),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    });
    child.on('message', (answer: DependenceAnswer) => resolve(answer));
    child.on('error', (cause) => resolve({ failed: cause.message }));
    child.on('exit', (code, signal) => resolve({ failed: `its process ended (exit code ${code}, signal ${signal})` }));
    child.send(question, () => {});
  });
}

const notLooked = (why: string): Finding => ({
  code: 'DEPENDENCE_UNKNOWN',
  severity: 'info',
  title: 'Dependent rows were not looked for',
  detail: `Looking whether rows depend on each other failed: ${why}.`,
  columns: [],
  patch: null,
  action: null,
});
