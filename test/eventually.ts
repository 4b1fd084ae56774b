// One way to wait for what must come. Polls, for what is waited for has no event; and waits long, for nothing is proved by giving up
// early: a machine that is busy with other tests is slow, not wrong.

/** What cannot take this long on any machine that runs the tests, ms. */
export const LONG_MS = 30_000

/**
 * Waits until this is neither false nor absent.
 * @param what said in the error: name the thing that was to come
 * @returns what was found
 * @throws Error when it does not come about in time
 */
export async function eventually<T>(
  what: string,
  find: () => T | Promise<T>,
  { ms = LONG_MS, everyMs = 5 }: { ms?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | "">> {
  const endMs = performance.now() + ms
  for (;;) {
    const found = await find()
    if (found) return found as Exclude<T, false | null | undefined | "">
    if (performance.now() > endMs) throw new Error(`${what}: not within ${ms} ms`)
    await Bun.sleep(everyMs)
  }
}

/**
 * Waits until this has stayed what it is for a while: what goes on for some time, such as buffers that fill, has come to its end.
 * @throws Error when it never stands still
 */
export async function steady<T>(what: string, read: () => T, forMs = 300): Promise<T> {
  let [last, sinceMs] = [read(), performance.now()]
  await eventually(`${what} stands still`, () => {
    const now = read()
    if (now !== last) [last, sinceMs] = [now, performance.now()]
    return performance.now() - sinceMs >= forMs
  })
  return last
}

/** The same as `eventually`, where the code says what is waited for as well as words would: it is what the error says. */
export const until = (find: () => boolean | Promise<boolean>, given: { ms?: number; everyMs?: number } = {}) =>
  eventually(`${find}`, find, given)
