/** A person who waits for an answer is told so again after each of these. */
const TOLD_EVERY_MS = 10_000;

/**
 * What `answer` gives. While it is waited for, `onLine` is told for how long nothing has come from `whom`: for what a
 * server that is there answers at once, as no author's statement need be.
 */
export async function tellingSilence<T>(
  answer: Promise<T>,
  whom: string,
  onLine: (line: string) => void,
): Promise<T> {
  let silentMs = 0;
  const timer = setInterval(() => {
    silentMs += TOLD_EVERY_MS;
    onLine(`no answer from ${whom} for ${silentMs / 1000} s`);
  }, TOLD_EVERY_MS);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
  }
}
