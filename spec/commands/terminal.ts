import { execa } from 'execa';

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs a command at a terminal of its own, of 80 columns: util-linux's or BSD's `script` makes it, and what the terminal shows is its
 * standard output. Killed, it takes the terminal away, as a window does that is closed.
 */
export function atTerminal(argv: string[], environment: Record<string, string> = {}) {
  const command = `stty columns 80 rows 24; ${argv.map(quote).join(' ')}`;
  const words =
    process.platform === 'linux'
      ? ['--quiet', '--flush', '--return', '--command', command, '/dev/null']
      : ['-q', '/dev/null', 'sh', '-c', command];
  return execa('script', words, { reject: false, stdin: 'pipe', env: environment });
}
