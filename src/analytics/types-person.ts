// What one person or team used, over UTC days, by what it is parted by: theirs alone to see.
import type { ClientId, KeyId, Nano, UserId } from "../app/index.ts"
import type { Mode } from "../usage/index.ts"
import type { Span } from "./types.ts"

export type PersonCut = "day" | "app" | "model" | "endpoint" | "scope" | "key" | "payer" | "member"

/** Who paid the provider: the platform, for credits; the person, by a key of their own; nobody, for an answer out of the cache; "": nobody was asked. */
export type Payer = "platform" | "own" | "cache" | ""

/** Only what was called so. An app and a key exclude each other: a call with a key goes through none. */
export interface PersonFilter {
  clientId?: ClientId | undefined
  keyId?: KeyId | undefined
  /** As calls named it. */
  model?: string | undefined
}

export interface PersonQuery {
  /** A person, or a team: whose wallet it is. */
  userId: UserId
  mode: Mode
  span: Span
  filter: PersonFilter
}

export interface PersonFigures {
  /** Calls that a model was asked for, those that failed included. */
  calls: number
  errors: number
  refused: number
  inputTokens: number
  outputTokens: number
  /** What left the wallet. */
  usedNano: Nano
}

export interface PersonRow extends PersonFigures {
  /** A UTC day; the number of an app or a key (0: none), or of who called; the name of a model, endpoint or scope; a `Payer`. */
  key: string | number
}

/** Answers out of the cache. */
export interface PersonCache {
  calls: number
  /** What the same answers would have cost, less what they cost, from sums: each call may be a few n$ off. */
  savedNano: Nano
  /** Some cost nothing, so what they saved is not known: it is at least that. */
  isLeast: boolean
}

export interface PersonReport {
  totals: PersonFigures
  cache: PersonCache
  /** Of as many days before. */
  before: PersonFigures
  /** Days in their order, all of them; others with the most credits first. */
  rows: Record<PersonCut, PersonRow[]>
}
