// The figures of the whole house, gathered for the operator's page, its files and programs; and what is made of them.
import type { HousePartName } from "../../../views/admin/analytics.tsx"
import {
  type Cohort,
  type HouseFigures,
  type HousePart,
  type HouseParts,
  type HouseReport,
  type HouseTop,
  nameOfDay,
  PAYER_NAMES,
  type Payer,
  partBp,
  percentText,
  type Span,
  spanBefore,
} from "../../analytics/index.ts"
import { DAY_MS, type Nano, nano } from "../../app/index.ts"
import { MONEY_DAYS } from "../../billing/index.ts"
import type { AdminDeps } from "./site.ts"

const MONTHS = 6
export interface MoneyOfDay {
  in: Nano
  refunds: Nano
}

/** Everything that the page and its files tell. */
export interface House {
  report: HouseReport
  parts: HouseParts
  top: HouseTop
  cohorts: Cohort[]
  /** Of days shown and of those before. */
  moneyOn(day: number): MoneyOfDay
  moneyIn(span: Span): MoneyOfDay
  upstreams: Map<number, { name: string; publicId: string }>
}

export async function houseOf(
  deps: Pick<AdminDeps, "analytics" | "reads" | "gateway" | "clock">,
  span: Span,
): Promise<House> {
  const { analytics, gateway, clock } = deps
  const nowMs = clock.now()
  const [report, parts, top, cohorts, money] = await Promise.all([
    analytics.house({ span, nowMs }),
    analytics.houseParts({ span, nowMs }),
    analytics.houseTop(span),
    analytics.cohorts({ nowMs, months: MONTHS }),
    moneyOf(deps, { from: spanBefore(span).from, to: span.to }),
  ])
  const upstreams = new Map(gateway.upstreams().map(({ id, name, publicId }) => [id as number, { name, publicId }]))
  const moneyOn = (day: number): MoneyOfDay => money.get(day) ?? { in: nano(0), refunds: nano(0) }
  const moneyIn = ({ from, to }: Span): MoneyOfDay => {
    const days = Array.from({ length: to - from + 1 }, (_, at) => moneyOn(from + at))
    const sum = (of: (day: MoneyOfDay) => number) => nano(days.reduce((total, day) => total + of(day), 0))
    return { in: sum((day) => day.in), refunds: sum((day) => day.refunds) }
  }
  return { report, parts, top, cohorts, moneyOn, moneyIn, upstreams }
}

async function moneyOf({ reads }: Pick<AdminDeps, "reads">, { from, to }: Span): Promise<Map<number, MoneyOfDay>> {
  const found = await reads.ask<{ day: number; inNano?: Nano; refundsNano?: Nano }[]>(MONEY_DAYS, {
    fromMs: from * DAY_MS,
    toMs: (to + 1) * DAY_MS,
  })
  return new Map(found.map((one) => [one.day, { in: one.inNano ?? nano(0), refunds: one.refundsNano ?? nano(0) }]))
}

/** What stays here; below zero when upstreams cost more than was collected. */
export const revenueOf = (row: Pick<HouseFigures, "collectedNano" | "upstreamNano" | "earnedNano">): Nano =>
  nano(row.collectedNano - row.upstreamNano - row.earnedNano)

export const marginOf = (row: Pick<HouseFigures, "collectedNano" | "upstreamNano" | "earnedNano">): string | null =>
  percentText(partBp(revenueOf(row), row.collectedNano))

export const firstTokenOf = ({ firstTokens, firstTokenMs }: Pick<HouseFigures, "firstTokens" | "firstTokenMs">) =>
  firstTokens === 0 ? null : Math.round(firstTokenMs / firstTokens)

export const PARTS = [
  "days",
  "models",
  "upstreams",
  "payers",
  "errors",
  "refusals",
  "hours",
  "cohorts",
  "users",
  "apps",
] as const satisfies readonly HousePartName[]

/** The kind of a call may be forgotten by age. */
export const modelName = ({ key }: HousePart): string => String(key) || "Not known any more"

export const upstreamOf = ({ upstreams }: Pick<House, "upstreams">, { key }: HousePart): [string, string?] => {
  const one = upstreams.get(Number(key))
  return one ? [one.name, `/admin/upstreams/${one.publicId}`] : [key === 0 ? "No upstream" : "An upstream that is gone"]
}

/** Of a person their address, of a team its name. */
export const topName = ({ teams }: Pick<AdminDeps, "teams">, { ownerId, email }: HouseTop["users"][number]): string =>
  email ?? (ownerId === null ? null : teams.nameOf(ownerId)) ?? "An account that was deleted"

export const payerName = ({ key }: HousePart): string => PAYER_NAMES[key as Payer]

/** "2026-11" */
export const monthName = (ms: number): string => nameOfDay(ms / DAY_MS).slice(0, 7)
