import { describe, expect, it } from 'vitest';
import { keepTrying, NeverWill } from '../../tools/host/keep-trying.ts';
import { CannotRun } from '../../tools/outcome/output.ts';

const NOT_ABORTED = new AbortController().signal;

describe('what a broken connection keeps from being done', () => {
  it('is tried again, and said once', async () => {
    const said: string[] = [];
    let tries = 0;
    const work = async () => {
      if (++tries < 3) throw new CannotRun('no connection');
      return tries;
    };
    expect(await keepTrying(work, NOT_ABORTED, (line) => said.push(line))).toBe(3);
    expect(said).toEqual(['no connection: for 60 s it is tried again']);
  });

  it.each([
    ['of no use', new NeverWill('another run has it')],
    ['an error of ours', new TypeError('x is not a function')],
  ])('is not tried again where that is %s', async (_, error) => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw error;
    };
    await expect(keepTrying(work, NOT_ABORTED)).rejects.toBe(error);
    expect(tries).toBe(1);
  });

  it('is not tried again once it is interrupted', async () => {
    const controller = new AbortController();
    const work = async () => {
      controller.abort();
      throw new CannotRun('no connection');
    };
    await expect(keepTrying(work, controller.signal)).rejects.toThrow('no connection');
  });
});
