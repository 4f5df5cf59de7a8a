import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the measured ratios may depend on, in a line. The load is that of the minute before. */
export function machineFacts(): string {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB of memory`,
    `${type()} ${release()}`,
    `Node ${process.version}`,
    `load ${loadavg()[0]?.toFixed(1)} at the start`,
  ].join(', ');
}
