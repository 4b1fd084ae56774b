// What the whole house did in live mode, over UTC days: for the operator.
import type { Nano, UserId } from "../app/index.ts"
import type { Span } from "./types.ts"

export interface HouseFigures {
  /** Calls that held credits, those that failed included. */
  calls: number
  errors: number
  refused: number
  /** Different people who called, refused ones included. */
  activeUsers: number
  newUsers: number
  inputTokens: number
  outputTokens: number
  /** ms of all calls together. */
  latencyMs: number
  /** Streamed answers that said when their first token came, and their ms together. */
  firstTokens: number
  firstTokenMs: number
  /** What left wallets. */
  collectedNano: Nano
  upstreamNano: Nano
  /** Developers' share. */
  earnedNano: Nano
}

export type HouseDay = HouseFigures & { day: number; freeNano: Nano; freeBudgetNano: Nano }

/** A model or an upstream. */
export interface HousePart {
  /** Name of a model as calls name it, or the number of an upstream. */
  key: string | number
  calls: number
  errors: number
  latencyMs: number
  firstTokens: number
  firstTokenMs: number
  inputTokens: number
  outputTokens: number
  collectedNano: Nano
  upstreamNano: Nano
  earnedNano: Nano
}

/** Failures and refusals by code. */
export interface HouseErrors {
  code: string
  refused: 0 | 1
  calls: number
}

/** Who signed up in a UTC month, and how many of them called in it and in each one after it. */
export interface Cohort {
  /** First moment of the month. */
  monthMs: number
  people: number
  active: number[]
}

export interface HouseTop {
  /** By whose wallet it was: of a person their public id, of a team none. */
  users: { ownerId: UserId | null; userId: string | null; email: string | null; calls: number; collectedNano: Nano }[]
  apps: { appId: string; name: string; calls: number; collectedNano: Nano; earnedNano: Nano }[]
}

/** What `/admin` begins with. */
export interface HouseNow {
  users: number
  developers: number
  apps: number
  /** When the first account was made, ms; 0: there is none. */
  firstUserMs: number
  activeToday: number
  activeMonth: number
  /** The UTC hour that runs and the 23 before it. */
  lastDay: { calls: number; errors: number; collectedNano: Nano; revenueNano: Nano }
  /** Earned and not paid yet: what matures, and what can be paid out. */
  pendingNano: Nano
  payableNano: Nano
  freeNano: Nano
}

export interface HouseQuery {
  span: Span
  nowMs: number
}

export interface HouseReport {
  totals: HouseFigures
  /** Of as many days before. */
  before: HouseFigures
  /** People of the days before who did not call in these. */
  churned: number
  days: HouseDay[]
}

export interface HouseParts {
  models: HousePart[]
  upstreams: HousePart[]
  /** By who paid the provider. */
  payers: HousePart[]
  errors: HouseErrors[]
  /** Calls by weekday (Monday first) and hour, UTC. */
  hours: number[][]
}
