import { existsSync } from 'node:fs';

/** Where Chromium is on Debian, Ubuntu and macOS, and Chrome where it stands in for it. */
const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that CHROMIUM names, or the first that is there; null where there is none. */
export function chromiumPath(): string | null {
  const candidates = process.env.CHROMIUM ? [process.env.CHROMIUM] : USUAL;
  return candidates.find((path) => existsSync(path)) ?? null;
}
