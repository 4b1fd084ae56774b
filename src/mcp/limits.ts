// Limits of people's tool servers, each with its unit and its reason.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"

export const MCP_LIMITS = {
  groupsPerPersonMax: 20,
  /** Servers that the operator recommends: a list that people read through. */
  recommendedMax: 100,
  /** What one is good for: two lines on a page. */
  recommendedWordsMax: 300,
  serversPerGroupMax: 20,
  /** A name is part of addresses and of tools' names. */
  nameCharsMax: 32,
  titleCharsMax: 80,
  urlCharsMax: 2_048,
  /** The longest JWTs that are sent as bearer tokens. */
  credentialCharsMax: 8_192,
  keyNameCharsMax: 64,
  /** Some are addresses. */
  clientIdCharsMax: 2_048,
  /** Of one server and kind: models can choose from far fewer, and each is a row. */
  offersMax: 256,
  /** Of one tool's definition; the largest that are seen are some 10 kB. */
  definitionCharsMax: 64 * 1024,
  /** Of a tool's name (MCP 2025-11-25), and of a resource's URI. */
  offerNameCharsMax: 128,
  uriCharsMax: 2_048,
  /** Pages of one list: a server that never ends its list is cut. */
  listPagesMax: 16,
  /** Words of a server's own error that are repeated. */
  remoteWordsMax: 300,
  /** Of a call's arguments. */
  argumentsBytesMax: 512 * 1024,
  argumentsMs: 30 * SECOND_MS,
  /** Of one answer, and of all that one stream of a server brings. Pictures are some MB. */
  answerBytesMax: 8 * 1024 * 1024,
  streamBytesMax: 32 * 1024 * 1024,
  /** Of documents about sign-in, and answers of token endpoints. */
  documentBytesMax: 256 * 1024,
  /** Until a server's answer begins. */
  headMs: 30 * SECOND_MS,
  /** First contact: two or three questions. */
  connectMs: 15 * SECOND_MS,
  listMs: 20 * SECOND_MS,
  /** A call without progress… */
  callMs: MINUTE_MS,
  /** …and one that goes on telling of progress. */
  callMsMax: 10 * MINUTE_MS,
  /** A connection that nobody uses is closed. */
  idleMs: MINUTE_MS,
  /** Connections in all: each has a stream or two. */
  connectionsMax: 500,
  /** How long a tool of test mode may be told to wait, as the sandbox's model. */
  stallSecondsMax: 60,
  /** Calls of one person at the same time: a balance pays for them, memory does not. */
  callsPerPersonMax: 128,
  /** Lists older than this are asked for anew. */
  listedForMs: 6 * HOUR_MS,
  /** A server that fails is asked again so much later. */
  failedForMs: HOUR_MS,
  /** Servers in one slice of the job. */
  refreshSliceMax: 4,
  /** How far a server's last use may be behind: no write a call. */
  usedEveryMs: MINUTE_MS,
  /** Sessions of one person with groups; each is a row. Clients that forget theirs begin anew. */
  sessionsPerPersonMax: 100,
  /** A session that nobody used for so long is over. */
  sessionUnusedMs: 14 * DAY_MS,
  /** What a client says of itself when it begins. */
  openingCharsMax: 16 * 1024,
  /** Sessions in memory; those that were not used for longest are made anew from their rows. */
  sessionsInMemoryMax: 1_000,
  /** …and of one person, so that nobody's many end another's. */
  sessionsInMemoryPerPersonMax: 20,
  /** One message to a group: a call's arguments, and what stands around them. */
  messageBytesMax: 640 * 1024,
  /** A stream that a client listens on is ended, so that it asks again whether it may. */
  listenMs: 15 * MINUTE_MS,
  /** Below every proxy's idle timeout. */
  keepAliveMs: 15 * SECOND_MS,
  /** Resources that one session hears of. */
  watchedPerSessionMax: 64,
  /** Connections that are kept open for what they tell: of one person, and of all (half of the room that there is). */
  watchingPerPersonMax: 20,
  watchingMax: 250,
  /** A connection that was kept open broke: it is made anew after so long, and each time later. */
  rewatchMs: SECOND_MS,
  rewatchMsMax: 5 * MINUTE_MS,
  /** Log messages that come so long after a call are of it: servers send them over another stream. */
  logsAfterMs: 5 * SECOND_MS,
  /** Of one log message that is passed on. */
  logCharsMax: 16 * 1024,
  /** Messages that servers tell one session by themselves in a minute; more are dropped. */
  toldPerMinuteMax: 600,
  /** A server that says its lists changed is asked for them once in that time. */
  listChangesMs: 2 * SECOND_MS,
} as const
