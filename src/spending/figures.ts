// What the letter about a month says, from the reports of that month and of the one before: the figures of /usage. Pure.
import type { PersonReport, PersonRow } from "../analytics/index.ts"
import { type ClientId, credits, type Nano, nano, type UserId } from "../app/index.ts"
import type { ConsentWithClient } from "../oauth/index.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import type { MonthLine } from "./mails-letter.ts"
import { plainName } from "./words.ts"

export interface AppKnown {
  publicId: string
  name: string
}

export interface Offered {
  appPublicId: string
  most: number
  kinds: number
}

/** Lines by app: most used first; those beyond the letter's room are one. */
export function appLines(
  now: PersonReport,
  before: PersonReport,
  appOf: (id: ClientId) => AppKnown | null,
  ownKeys = "Your own keys",
): (MonthLine & { clientId: number })[] {
  const lines = lined(now.rows.app, before.rows.app, (key) => {
    if (key === 0) return ownKeys
    return plainName(appOf(Number(key) as ClientId)?.name ?? "", "An app that is gone")
  })
  return lines.map((line) => ({ ...line, clientId: Number(line.key) }))
}

export const modelLines = (now: PersonReport, before: PersonReport): MonthLine[] =>
  lined(now.rows.model, before.rows.model, (key) => modelName(String(key))).map(({ key: _, ...line }) => line)

/** Lines by who called, for the wallet of a team; `key`: their number, -1: those beyond the letter's room. */
export const memberLines = (
  now: PersonReport,
  before: PersonReport,
  nameOf: (id: UserId) => string,
): (MonthLine & { key: string | number })[] =>
  lined(now.rows.member, before.rows.member, (key) => nameOf(Number(key) as UserId))

/** Callers name models: what is not made as names of models are is not repeated. */
const modelName = (key: string): string => {
  if (key === "") return "Not known any more"
  return /^[\w./:@+-]{1,80}$/.test(key) && !/:\/\/|www\./.test(key) ? key : "Another model"
}

function lined(
  rows: readonly PersonRow[],
  before: readonly PersonRow[],
  nameOf: (key: string | number) => string,
): (MonthLine & { key: string | number })[] {
  const was = new Map(before.map(({ key, usedNano }) => [key, usedNano]))
  const used = rows.filter(({ usedNano, calls }) => usedNano > 0 || calls > 0)
  const shown = used.slice(0, used.length > L.linesMax ? L.linesMax - 1 : L.linesMax)
  const rest = used.slice(shown.length)
  const lines = shown.map(({ key, usedNano }) => ({
    key,
    name: nameOf(key),
    usedNano,
    beforeNano: was.get(key) ?? nano(0),
  }))
  if (rest.length === 0) return lines
  const keys = new Set(rest.map(({ key }) => key))
  const sum = (some: readonly PersonRow[]) =>
    nano(some.filter(({ key }) => keys.has(key)).reduce((total, { usedNano }) => total + usedNano, 0))
  return [...lines, { key: -1, name: `${rest.length} more`, usedNano: sum(rest), beforeNano: sum(before) }]
}

/** What one day of the month took, as a limit: whole credits, at least 1. */
const usualDay = (usedNano: Nano, days: number): number => Math.max(1, Math.ceil(usedNano / days / credits(1)))

/** A limit for an app, where one would be lower than what stands; null = nothing to offer. */
export function offerFor(
  usedNano: Nano,
  days: number,
  consent: Pick<ConsentWithClient, "limits" | "client"> | undefined,
): Offered | null {
  const limits = Object.values(consent?.limits ?? {})
  const most = usualDay(usedNano, days)
  if (!consent || usedNano <= 0 || !limits.some((limit) => limit > credits(most))) return null
  return { appPublicId: consent.client.publicId, most, kinds: limits.length }
}
