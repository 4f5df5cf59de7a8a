import { expect, it } from 'vitest';
import { Interrupted, NEVER, orInterrupted } from '../../tools/host/interruption.ts';

it('work that nobody interrupts gives what it gives', async () => {
  expect(await orInterrupted(Promise.resolve(1), NEVER, 'counting')).toBe(1);
  await expect(orInterrupted(Promise.reject(new Error('lost')), NEVER, 'counting')).rejects.toThrow('lost');
});

it('an interruption ends the wait, and says what was going on', async () => {
  const controller = new AbortController();
  const waiting = orInterrupted(new Promise(() => undefined), controller.signal, 'connecting to shop');
  controller.abort();
  await expect(waiting).rejects.toThrow(Interrupted);
  await expect(waiting).rejects.toThrow('interrupted while connecting to shop; nothing was run');
  await expect(orInterrupted(new Promise(() => undefined), controller.signal, 'x')).rejects.toThrow(
    Interrupted,
  );
});
