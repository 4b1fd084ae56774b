// The nouns of analytics: figures of apps over UTC days, as a whole and by what they are parted by.
import type { ClientId, Nano } from "../app/index.ts"

/** UTC days, both included. */
export interface Span {
  from: number
  to: number
}

/** What rows are parted by. */
export type Cut = "day" | "endpoint" | "model" | "scope" | "payer" | "app"

/** Only what was called so; of people who came newly none of it is asked. */
export interface Filter {
  endpoint?: string | undefined
  model?: string | undefined
  scope?: string | undefined
}

/** Who called through some apps over some days. */
export interface CallersQuery {
  clientIds: readonly ClientId[]
  span: Span
}

export interface FiguresQuery {
  clientIds: readonly ClientId[]
  span: Span
  by: Cut
  filter: Filter
  /** Rows at most, those with the most calls; days come whole. */
  rowsMax: number
}

/** One question, parted by several things. */
export interface ReportsQuery extends Omit<FiguresQuery, "by"> {
  cuts: readonly Cut[]
}

export interface Figures {
  /** Calls that a model was asked for, those that failed included. */
  calls: number
  /** Of these, those that failed; whoever only left is no failure. */
  errors: number
  /** Refused before anything was asked. */
  refused: number
  /** Different people who called, refused ones included. */
  activeUsers: number
  inputTokens: number
  outputTokens: number
  /** ms of all calls together. */
  latencyMs: number
  /** What people paid, before anything that could not be collected. */
  chargeNano: Nano
  /** The developer's share, before what refunds take back. */
  earnedNano: Nano
}

export interface DayFigures extends Figures {
  /** A UTC day, the name of an endpoint, model or scope, who paid the provider, or the public id of an app. */
  key: string | number
  /** People who let an app in for the first time that day; null where rows are no days. */
  newUsers: number | null
}

/** Calls of a UTC day by endpoint, refused ones left out. */
export interface EndpointDay {
  day: number
  endpoint: string
  calls: number
}

export interface Report {
  totals: Figures & { newUsers: number }
  /** Of as many days before. */
  before: Figures & { newUsers: number }
  /** Days in their order, all of them; others with the most calls first. */
  rows: DayFigures[]
}
