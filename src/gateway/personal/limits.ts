// Limits of people's own provider keys, each with its unit and its reason.

export const PROVIDER_KEY_LIMITS = {
  /** Keys of one person at one provider: each is asked in turn while a caller waits. */
  perProviderMax: 5,
  /** Characters of a key; the longest known have some 200. */
  charsMax: 500,
  /** …and the fewest, or its hint would be most of it. */
  charsMin: 16,
  /** The last characters that are shown. */
  hintChars: 4,
  /** Tests of one person a minute: each is a call to a provider. */
  testsPerMinute: 10,
  /** People whose tests are counted. */
  testersMax: 10_000,
} as const
