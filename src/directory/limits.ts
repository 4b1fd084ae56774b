// How much there may be of everything that stands in the directory, each with its reason.
import { DAY_MS, HOUR_MS } from "../app/index.ts"

export const DIRECTORY_LIMITS = {
  /** An address that people can say. */
  slugChars: 50,
  /** A line under the name on a card. */
  taglineChars: 120,
  /** Below this nobody knows what the app does. */
  descriptionCharsMin: 80,
  /** Two screens of text. */
  descriptionChars: 8_000,
  priceChars: 200,
  urlChars: 1_000,
  tagsMax: 5,
  tagChars: 24,
  altChars: 200,
  /** Rows of two or three; each has up to 300 kB of files. */
  shotsMax: 6,
  /** Shots of one app that are kept while the copy that everybody sees still has them. */
  shotsKeptMax: 24,
  /** UTF-16 units of a search, and words of it that count. */
  queryChars: 100,
  /** Matches that are put in order; a search that finds more is no search yet. */
  matchesMax: 500,
  /** Cards on a page: a grid of two or three columns. */
  pageRows: 24,
  categoriesMax: 20,
  /** Rows of an admin's list. */
  adminRows: 30,
  /** Apps in the feed. */
  feedRows: 30,
  /** More than a search shows. */
  foundMax: 5,
  reportChars: 1_000,
  /** Reports of one app that wait: more say nothing new. */
  reportsOpenMax: 50,
  /** All reports of a day, whoever sends them: about 1 MB at most. */
  reportsDayMax: 1_000,
  /** One person's reports in a day. */
  reportsUserDayMax: 20,
  /** Reports that an admin reads at once. */
  reportsShown: 50,
  /** A report that was decided is kept for appeals, then deleted. */
  reportKeptMs: 90 * DAY_MS,
  /** Days over which people are counted. */
  peopleDays: 30,
  /** Fewer people than this are not named as a number: it would say who. */
  peopleShownMin: 5,
  /** Apps whose people are counted in one question of the read Worker. */
  peopleRows: 50,
  peopleEveryMs: HOUR_MS,
} as const

/** Where an app stands. A closed list: categories of everybody's own would be a second kind of tags. */
export const CATEGORIES = [
  "Writing",
  "Chat and companions",
  "Coding",
  "Research",
  "Learning",
  "Images and design",
  "Audio and video",
  "Productivity",
  "Business",
  "Data",
  "Games",
  "Other",
] as const
