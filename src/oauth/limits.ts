// Every limit of the authorization server, with its unit and its reason.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"

export const OAUTH_LIMITS = {
  /** Long enough for a slow redirect, short enough that a leaked code is dead (SPEC §2). */
  codeMs: MINUTE_MS,
  /** Used codes are remembered this long, so that a later second use is still recognised as theft. */
  codeKeptMs: 30 * DAY_MS,
  accessTokenMs: HOUR_MS,
  idTokenMs: HOUR_MS,
  /** Per token: a family that is used lives on, one that idles this long ends. */
  refreshTokenMs: 30 * DAY_MS,
  /**
   * The same client repeating the old refresh token within this time gets the identical answer (lost response, two
   * tabs).
   */
  refreshReplayMs: 10 * SECOND_MS,
  /** From /par to the page of sign-in: a redirect on a slow line (RFC 9126 §2.2 has 5 to 600 s). */
  pushedRequestMs: 90 * SECOND_MS,
  /** A login may include signing up and waiting for a mail. */
  authorizationMs: HOUR_MS,
  /** The sealed request in the addresses of our pages; with the rest of an address below `urlBytesMax`. */
  interactionCharsMax: 12_000,
  /** A form sent twice gets the same redirect within this time. */
  answerRepeatMs: 10 * SECOND_MS,
  /** Approvals remembered for their browser session: about 200 bytes each. */
  approvalsMax: 20_000,
  /** Verified access tokens kept in memory: about 1 kB each. */
  verifiedTokensMax: 20_000,
  /** No request of ours is near it; refuses absurd state and nonce values early. */
  parameterCharsMax: 4_096,
  /** A JWT of ours is below 1.5 kB. */
  tokenCharsMax: 8_192,
  redirectUrisMax: 20,
  redirectUriCharsMax: 2_000,
  /** A deleted app can be brought back: long enough for somebody who was away over a weekend. */
  deletedKeptMs: 7 * DAY_MS,
  /** Endpoints of an app that ended hear of its permissions for so long: as long as an event is tried at all. */
  endedToldMs: 4 * DAY_MS,
  /** Of what an app says of itself. */
  descriptionCharsMax: 500,
  clientNameCharsMax: 80,
  clientSecretsMax: 5,
  /** How far the last use of a secret may be behind: one write for all of them in that time. */
  secretUsesEveryMs: MINUTE_MS,
  /** Clients one developer may own. */
  clientsPerOwnerMax: 100,
  /** Highest daily limit a user can give to an app, in whole credits ($1,000). */
  dailyLimitCreditsMax: 1_000_000,
  /** Resources that one request may name. */
  resourcesMax: 10,
  /** A nonce for proofs is taken for this long, and once as long after it: what was proven with it is remembered until then. */
  dpopNonceMs: 2 * MINUTE_MS,
  /** Clocks of devices are off; that a proof is fresh is what the nonce says. */
  dpopIatMs: 5 * MINUTE_MS,
  /** A proof of ours to check is below 1 kB; a 4,096-bit key brings it to 2. */
  dpopProofCharsMax: 4_096,
  dpopJtiCharsMax: 256,
  /** Proofs remembered of one nonce, 100 bytes each; beyond that none is taken, so that none is taken twice. */
  dpopProofsMax: 200_000,
  /** Of these, of one key: 160 a second. */
  dpopProofsOfKeyMax: 20_000,
  /** A device's code: time to find a browser, sign up and read a mail. */
  deviceCodeMs: 15 * MINUTE_MS,
  /** Codes that are over are told apart from unknown ones for this long. */
  deviceCodeKeptMs: HOUR_MS,
  /** Between two questions of a device (RFC 8628 §3.2); each that comes too soon adds as much. */
  devicePollMs: 5 * SECOND_MS,
  /** A device that never learns waits no longer than this. */
  devicePollMsMax: 2 * MINUTE_MS,
  /** Devices that wait for somebody, of all networks together: about 400 bytes each. */
  deviceCodesMax: 20_000,
  /** Addresses of documents are client ids, and stand in each token. */
  documentUrlCharsMax: 1_000,
  /** Real ones are below 2 kB. */
  documentBytesMax: 64_000,
  /** A person waits for it. */
  documentFetchMs: 5 * SECOND_MS,
  /** Fetched at the same time, whoever asks. */
  documentFetchesMax: 16,
  /** A document is fetched no sooner again, and believed no longer, whatever its server says of caching. */
  documentFreshMsMin: 30 * SECOND_MS,
  documentFreshMsMax: DAY_MS,
  /** Why a document was refused is remembered for this long, so that a page that is opened again asks nobody. */
  documentRefusedMs: 30 * SECOND_MS,
  /** Clients of either kind that came by themselves and that nobody ever allowed: about 1 kB each. */
  unusedClientsMax: 5_000,
  /** One that nobody allowed is forgotten. */
  unusedClientMs: DAY_MS,
  /** One that registered itself and that nobody is signed in to any more. */
  idleClientMs: 90 * DAY_MS,
  /** Groups and products that one consent names: more than a person may have of the former. */
  toolsPerConsentMax: 50,
  /** How long verifiers may cache the JWKS; the next key is published at least this long before it signs. */
  jwksCacheMs: 15 * MINUTE_MS,
  /** A retired key stays published past the life of its last token. */
  retiredKeyMs: DAY_MS,
} as const
