// What a search of the documentation may cost.

export const DOCS_LIMITS = {
  /** UTF-16 units of a search that are looked at; longer than any question. */
  queryChars: 200,
  /** Words of it; each is looked up once. */
  words: 8,
  /** Parts of pages that are weighed; there are fewer than a thousand parts. */
  matches: 200,
  /** Pages that are shown: a list that is read to its end. */
  hits: 20,
} as const
