// Limits of the gateway, each with its unit and its reason (DESIGN §7). General HTTP limits live in app/limits.ts.

export const GATEWAY_LIMITS = {
  /** Names of models and providers are short; longer ones are mistakes. */
  modelCharsMax: 256,
  /** Levels of brackets in a request; schemas of tools reach a few dozen. */
  jsonDepthMax: 128,
  /** Fields an operator may allow for one upstream. */
  extraFieldsMax: 50,
  /** Choices of one call; the hold is multiplied by it. OpenAI allows 128, and nobody sends it. */
  choicesMax: 8,
  /** Tools that a model is offered in one call; OpenAI allows 128, and models choose badly long before. */
  offeredToolsMax: 128,
  groupsPerCallMax: 8,
  /** Times that a model is asked within one call whose tools run here: one that never comes to an end is ended. */
  roundsMax: 10,
  /** Tools that a model calls at once, of those that run here; of the others it is told that they did not run. */
  callsPerRoundMax: 16,
  /** Of one tool's answer, as its model is told it; some 30,000 tokens. */
  toolTextCharsMax: 128 * 1024,
  /** Of a tool's name, as every provider takes it. */
  toolNameCharsMax: 64,
  /** Output of one choice that is held, and so asked for, at most, so that agents that ask for a million tokens are not locked out (research §3.1). */
  holdOutputTokensMax: 16_384,
  /** Output a call that names no maximum is held for; models rarely say more, and dearer holds lock small balances out. */
  holdOutputTokensDefault: 8_192,
  /** A call that names no maximum is shortened to what its caller can pay, but never below this. */
  outputTokensLeast: 128,
  /** Texts of one embeddings call, as OpenAI has it. */
  embeddingInputsMax: 2_048,
  /** Pictures of one call, as OpenAI has it. */
  imagesMax: 10,
  /** Pictures that are changed in one call, as OpenAI has it. */
  editedImagesMax: 16,
  /** Of what is to be seen, as OpenAI has it. */
  imagePromptCharsMax: 32_000,
  /** Of what is said in one call; OpenAI takes 4,096, others ten times as many. */
  speechCharsMax: 40_000,
  /** A form with files, on disk: an hour of sound as WAV, and what the largest providers take. */
  uploadBytesMax: 256 * 1024 * 1024,
  /** For all of it: 200 MB over 3 Mbit/s. */
  uploadMs: 600_000,
  /** Forms of one person on disk, and of all. */
  uploadOwnerBytesMax: 512 * 1024 * 1024,
  uploadsBytesMax: 4 * 1024 * 1024 * 1024,
  uploadOwnerReadingMax: 8,
  uploadsReadingMax: 64,
  /** Fields and files of one form. */
  uploadPartsMax: 64,
  /** Of all its fields: a prompt and references of voices. */
  uploadTextBytesMax: 4 * 1024 * 1024,
  /** Texts and pictures of one moderation. */
  moderationInputsMax: 2_048,
  /** Texts that are ranked in one call, as Cohere has it. */
  rankedMax: 1_000,
  /** Numbers of one vector; the largest known models give 4,096. */
  embeddingDimensionsMax: 16_384,
  /** Questions whose tokens one person may have counted a minute; they cost nothing, and the operator's account has a limit. */
  countsPerMinute: 100,
  /** People whose counting is remembered. */
  counterKeysMax: 10_000,
  /** Kinds of surprises of upstreams that are counted apart. */
  alarmsMax: 1_000,
  /** Answer of an upstream that is not a stream. */
  answerBytesMax: 64 * 1024 * 1024,
  /** A refusal, of which a few words are repeated. */
  refusalBytesMax: 64 * 1024,
  /** A list of models; the longest known ones are 2 MB. */
  modelListBytesMax: 16 * 1024 * 1024,
  /** All of one stream; above it the upstream repeats itself. */
  streamBytesMax: 512 * 1024 * 1024,
  /** Output that an answer in one piece is taken to have made a second, once its client and then we have left it. */
  unseenTokensPerSecond: 30,
  /** One line of a stream: inlined images are large, an endless line is an attack. */
  sseLineCharsMax: 16 * 1024 * 1024,
  /** Words of an upstream's refusal that we repeat. */
  upstreamMessageCharsMax: 500,
  /** Models taken over from one upstream's list. */
  modelsPerUpstreamMax: 5_000,
  upstreamsMax: 100,
  /** As Stripe has it; a UUID takes 36. */
  idempotencyKeyCharsMax: 255,
  /** An answer that is kept for a repeat; longer ones are told by their charge alone (SPEC GW-7). */
  idempotentAnswerBytesMax: 1024 * 1024,
  /** A sealed answer above this is counted; nearly all are shorter. */
  idempotentLargeChars: 64 * 1024,
  /** Large answers kept for one person: 280 MB at most, for a day. */
  idempotentLargeAnswersMax: 200,
  /** Seconds that an answer is kept for the same question, where the caller says no number. */
  cacheSecondsDefault: 3_600,
  /** A week: models and what they know go on. */
  cacheSecondsMax: 604_800,
  /** An answer that is kept for the same question; pictures are longer, and are not. */
  cachedAnswerBytesMax: 256 * 1024,
  /** Of one person; the oldest go first. */
  cachedAnswersMax: 1_000,
  cachedBytesMax: 32 * 1024 * 1024,
} as const

/** The only clocks of a proxied call; Bun's own idle timeout is switched off. Milliseconds. */
export interface Timeouts {
  /** Request for a stream sent → response head. Models that think before they answer need minutes. */
  headMs: number
  /** Response head → first data event, and any two reads after it. */
  gapMs: number
  /** The whole call, whatever it does. The only limit of answers in one piece: long reasoning says nothing until it is done. */
  totalMs: number
  /** How long the usage of a finished stream is awaited when its client has left. */
  usageMs: number
  /** How long an answer that its provider bills whole is awaited when its client has left. Its credits stay held so long. */
  abandonedMs: number
  /** How long a stream waits for its first event before it answers 200 (errors until then are real statuses). */
  firstEventMs: number
  /** Silence after which a comment is sent, below every proxy's idle timeout. */
  keepAliveMs: number
  /** How often the known cost of an open stream is written down for recovery. */
  markMs: number
  /** Whole call to an upstream's model list. */
  testMs: number
  /** Resolution of all the above. */
  tickMs: number
}

export const TIMEOUTS: Timeouts = {
  headMs: 180_000,
  gapMs: 120_000,
  totalMs: 900_000,
  usageMs: 5_000,
  abandonedMs: 30_000,
  firstEventMs: 5_000,
  keepAliveMs: 10_000,
  markMs: 2_000,
  testMs: 15_000,
  tickMs: 250,
}

/** A hold outlives the longest call by this much, so that the sweeper never meets a call that still runs. */
export const LEASE_MARGIN_MS = 300_000
