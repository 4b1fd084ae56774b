// Every limit of sign-in with others, with its unit and its reason.
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../app/index.ts"

export const FEDERATION_LIMITS = {
  /** As many as a sign-in page can show. */
  issuersMax: 12,
  /** Time at the issuer: somebody may make an account there first, or look for a phone. */
  tripMs: 30 * MINUTE_MS,
  /** Time to prove that an account is one's own: a mail has to arrive. */
  joinMs: 15 * MINUTE_MS,
  /** `state` as it comes back: what is sealed, and the interaction of the app that waits. */
  stateCharsMax: 13_000,
  /** What a join form carries: sealed facts of one person. */
  joinCharsMax: 4_000,
  /** OpenID Connect Core §2: `sub` has at most 255 ASCII characters. */
  subjectCharsMax: 255,
  issuerCharsMax: 300,
  clientIdCharsMax: 300,
  clientSecretCharsMax: 2_000,
  nameCharsMax: 40,
  slugCharsMax: 32,
  domainsMax: 20,
  tenantsMax: 50,
  /** An issuer asked for the password so long ago at most when somebody confirms with it that it is them. */
  confirmMs: 5 * MINUTE_MS,
  /** One request to an issuer; somebody waits for it. */
  requestMs: 8 * SECOND_MS,
  /** Google's documents have 2 kB, those with many keys some 50. */
  answerBytesMax: 300_000,
  /** Endpoints change seldom, and a sign-in should not wait for them … */
  metadataFreshMs: 10 * MINUTE_MS,
  /** … nor fail because the document is not to be had right now. */
  metadataStaleMs: DAY_MS,
  /** An issuer that did not answer is not asked again for so long, however many people click. */
  metadataAgainMs: 5 * SECOND_MS,
  /** Clocks of two servers. */
  clockSeconds: 30,
  /** A picture that an issuer names; larger ones are nobody's portrait. */
  pictureBytesMax: 5_000_000,
  pictureUrlCharsMax: 1_000,
  /** Connections of one person: several accounts at each issuer. */
  connectionsMax: 20,
} as const
