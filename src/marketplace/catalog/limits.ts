// How much there may be of everything that publishers write. Units last in names.
import { DAY_MS } from "../../app/index.ts"

export const CATALOG_LIMITS = {
  productsMax: 50,
  /** GitHub's own document has 1,100. */
  endpointsMax: 2_000,
  parametersMax: 100,
  /** Answers of one endpoint: each status once or twice. */
  examplesMax: 30,
  categoriesMax: 5,
  guidesMax: 50,
  changesMax: 500,
  contactsMax: 20,
  questionsMax: 50,
  /** Hosts that one publisher claims. */
  hostsMax: 20,
  /** Former addresses that still lead on. */
  formerSlugsMax: 5,
  /** Long enough for links in other people's pages to be changed. */
  formerSlugMs: 365 * DAY_MS,
  titleChars: 80,
  taglineChars: 160,
  overviewChars: 20_000,
  guideChars: 60_000,
  changeTitleChars: 120,
  changeChars: 10_000,
  questionChars: 200,
  answerChars: 4_000,
  contactChars: 80,
  targetChars: 300,
  organisationChars: 120,
  aboutChars: 2_000,
  categoryChars: 30,
  pathChars: 300,
  nameChars: 120,
  descriptionChars: 10_000,
  exampleChars: 2_000,
  /** A schema is kept whole or not at all. */
  schemaChars: 65_536,
  bodyChars: 65_536,
  headerChars: 100,
  secretChars: 2_000,
  weightMax: 1_000_000,
  /** Of one call, $100. */
  priceNanoMax: 100_000_000_000,
  timeoutMsMin: 1_000,
  timeoutMsMax: 300_000,
  bodyBytesMax: 1_073_741_824,
  /** An OpenAPI document, decoded. */
  documentBytesMax: 5 * 1024 * 1024,
  documentFetchMs: 20_000,
  /** A document that nobody decided on is deleted. */
  waitingMs: DAY_MS,
  /** A proof is looked for again after so long: names change hands by the year, and calls that people pay for go there. */
  hostEveryMs: 7 * DAY_MS,
  /** One that was not found, so often: name servers have bad days. */
  hostMissingEveryMs: DAY_MS,
  /** Not found for so long it is over; its publisher got a mail at the beginning. */
  hostMissingMs: 7 * DAY_MS,
  /** Hosts in one slice: each may take the time of two looks. */
  hostSliceRows: 10,
  /** A claim that nothing proved is forgotten. */
  claimMs: 30 * DAY_MS,
  /** Mails about one change are queued in slices. */
  followersSlice: 500,
  /** Changes of one product that are mailed within a day: a mistake is not a flood. */
  mailedPerDayMax: 3,
} as const
