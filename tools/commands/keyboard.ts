import { PassThrough } from 'node:stream';

/** The terminal's keys for the time of one question. */
export interface Keyboard {
  input: PassThrough;
  release(): void;
}

/**
 * A terminal that is closed fails at whatever is asked of it: reading, or another mode. readline makes an error without
 * a listener of what its input fails at, and that would end the process; so it reads a stream that never fails.
 */
export function keyboard(stdin: NodeJS.ReadStream): Keyboard {
  const input = new PassThrough();
  const setRawMode = (mode: boolean) => {
    stdin.setRawMode(mode);
    return input;
  };
  stdin.pipe(Object.assign(input, { isTTY: true, setRawMode }));
  return {
    input,
    release() {
      stdin.unpipe(input);
      stdin.pause();
    },
  };
}
