import { beforeAll, expect, it } from 'vitest';
import { type Rehearsal, rehearse } from '../support/rehearsal.ts';
import { describeWith } from '../support/requires.ts';
import { failuresOf, resultsOf, verdictsOf } from './comparable.ts';

/** Each is a whole rehearsal of the main procedure, and they run side by side. */
const OPTIONS = {
  embedded: ['--data', 'small', '--replica', 'embedded'],
  docker: ['--data', 'small', '--replica', 'docker'],
  ssh: ['--data', 'small', '--through', 'ssh'],
};

describeWith(['docker', 'ssh'], 'the same bytes mean the same on every replica', () => {
  let embedded: Rehearsal;
  let docker: Rehearsal;
  let ssh: Rehearsal;
  beforeAll(async () => {
    [embedded, docker, ssh] = await Promise.all([
      rehearse(...OPTIONS.embedded),
      rehearse(...OPTIONS.docker),
      rehearse(...OPTIONS.ssh),
    ]);
  }, 400_000);

  it('passes on each', () => {
    expect([embedded, docker, ssh].flatMap(failuresOf)).toEqual([]);
    expect([embedded, docker, ssh].map(({ report }) => report.status)).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
    expect(embedded.report.target.kind).toBe('embedded');
    expect(docker.report.target.kind).toBe('docker');
    expect(ssh.report.target.kind).toBe('docker');
  });

  it('has the same verdicts', () => {
    expect(verdictsOf(docker)).toEqual(verdictsOf(embedded));
    expect(verdictsOf(ssh)).toEqual(verdictsOf(embedded));
  });

  it('has the same result sets', () => {
    expect(resultsOf(docker)).toEqual(resultsOf(embedded));
    expect(resultsOf(ssh)).toEqual(resultsOf(embedded));
    expect(resultsOf(embedded).flatMap(({ results }) => results).length).toBeGreaterThan(0);
  });

  it('tells how long each took to start, seed and stop', () => {
    for (const { report } of [embedded, docker, ssh]) {
      expect(report.phases).toEqual({
        start: expect.any(Number),
        seed: expect.any(Number),
        stop: expect.any(Number),
      });
    }
  });
});
