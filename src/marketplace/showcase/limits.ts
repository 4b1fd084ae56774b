// Bounds of what visitors find and write, each with its reason.
export const SHOWCASE_LIMITS = {
  /** UTF-16 units of a search. */
  queryChars: 100,
  /** Words of a search that count. */
  wordsMax: 6,
  /** Matches that are put in order; a search that finds more is no search yet. */
  matchesMax: 2_000,
  /** Searches whose matches and counts are kept, about 20 kB each: a person turns pages and tries categories of one. */
  foundMax: 100,
  /** Products on a page: a grid of three or four columns. */
  pageRows: 24,
  /** Pages that can be turned to. */
  pagesMax: 200,
  /** Categories that are offered. */
  categoriesMax: 24,
  /** Characters of an overview, and of all endpoints together, that are searched. */
  overviewChars: 2_000,
  endpointsChars: 4_000,
  /** Endpoints of one product that are searched. */
  endpointsMax: 200,
  /** Cards that are made anew in one mutation. */
  freshRows: 50,
  /** What nobody asked for is made anew after so long, ms. */
  freshEveryMs: 30_000,
  reviewTitleChars: 80,
  reviewChars: 2_000,
  reasonChars: 500,
  /** Reviews on a page. */
  reviewRows: 20,
  /** Reports of one review that an admin reads, and people who are told what became of it. */
  reportsShown: 20,
  reportersTold: 50,
  /** Reviews that a person may report in a day: more is no help. */
  reportsDayMax: 20,
} as const
