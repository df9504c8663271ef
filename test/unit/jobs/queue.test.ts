import { expect, test } from 'vitest';
import type { JobKind } from '../../../main/contract/jobs.ts';
import { JobQueue } from '../../../main/jobs/queue.ts';

const names = (queue: JobQueue<{ jobId: string; kind: JobKind }>) => {
  const taken: string[] = [];
  for (let job = queue.next(); job; job = queue.next()) taken.push(job.jobId);
  return taken;
};

test('first come, first served, within the limits of each sort', () => {
  const queue = new JobQueue<{ jobId: string; kind: JobKind }>({ heavy: 1, light: 2 });
  const jobs: [string, JobKind][] = [
    ['import', 'import'],
    ['run', 'run'],
    ['explain 1', 'explain'],
    ['predict', 'predict'],
    ['explain 2', 'explain'],
  ];
  for (const [jobId, kind] of jobs) queue.add({ jobId, kind });
  expect(names(queue)).toEqual(['import', 'explain 1', 'predict']);
  expect(names(queue)).toEqual([]);
  queue.finish('import');
  expect(names(queue)).toEqual(['run']);
  queue.finish('explain 1');
  expect(names(queue)).toEqual(['explain 2']);
});

test('a job that is taken back before its turn never starts', () => {
  const queue = new JobQueue<{ jobId: string; kind: JobKind }>({ heavy: 1, light: 1 });
  queue.add({ jobId: 'a', kind: 'run' });
  queue.add({ jobId: 'b', kind: 'run' });
  expect(names(queue)).toEqual(['a']);
  expect(queue.withdraw('b')).toBe(true);
  expect(queue.withdraw('a')).toBe(false); // it runs: the runner must stop it
  queue.finish('a');
  expect(names(queue)).toEqual([]);
});
