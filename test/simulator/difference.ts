// How a disagreement between the books and the model is told.

/** The books and the model disagree. */
export class Difference extends Error {
  override name = "Difference"
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === "bigint" ? Number(one) : one)) ?? "undefined"

export function same(what: string, actual: unknown, expected: unknown): void {
  const [a, b] = [plain(actual), plain(expected)]
  if (a !== b) throw new Difference(`${what}\n    books: ${a}\n    model: ${b}`)
}

/** Every named figure of `expected` is in `actual`. */
export function includes(what: string, actual: unknown, expected: unknown): void {
  if (expected === null || typeof expected !== "object" || Array.isArray(expected)) {
    same(what, actual, expected)
    return
  }
  const found = (actual ?? {}) as Record<string, unknown>
  for (const [key, value] of Object.entries(expected)) same(`${what}, ${key}`, found[key], value)
}
