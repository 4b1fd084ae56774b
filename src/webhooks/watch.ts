// Events that nothing causes at one moment: the end of a day of an app, in place of an event for each call; and credits that are low. Asked
// of those who listen alone, from sums that stand anyway, so that no settle pays for them.
import { creditsDecimal, DAY_MS, dayOf, eachAlone, type Nano, type UserId } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { emitIn } from "./emit.ts"
import type { DataOf } from "./events/index.ts"
import { appsToTell, forgetLow, isLow, markDay, markLow, peopleListening } from "./store-watch.ts"
import type { AppRef } from "./types.ts"

export interface DayFigures {
  activeUsers: number
  calls: number
  refused: number
  chargeNano: Nano
  earnedNano: Nano
}

interface Deps {
  store: Pick<Store, "read" | "write">
  clock: { now(): number }
}

const CTX = { actor: "system:webhook-days", requestId: "job_webhook-days", reason: "a day of an app ended" }

/** Of the day before today. @returns whether more may be left */
export async function tellDays(
  { store, clock }: Deps,
  figuresOf: (app: AppRef, day: number) => Promise<DayFigures>,
  rows: number,
): Promise<boolean> {
  const day = dayOf(clock.now()) - 1
  const apps = appsToTell(store.read, "usage.day", day, rows)
  await eachAlone(
    apps,
    ({ publicId }) => publicId,
    async (app) => {
      const figures = await figuresOf(app, day)
      await store.write(CTX, (tx) => {
        markDay(tx, app.id, day)
        if (figures.calls + figures.refused === 0) return
        const data = dataOf(day, figures)
        emitIn(tx, { type: "usage.day", app, subject: app.publicId, data })
      })
    },
  )
  return apps.length >= rows
}

const dataOf = (day: number, figures: DayFigures): DataOf<"usage.day"> => ({
  day: new Date(day * DAY_MS).toISOString().slice(0, 10),
  users: figures.activeUsers,
  calls: figures.calls,
  refused: figures.refused,
  credits: creditsDecimal(figures.chargeNano),
  earned: creditsDecimal(figures.earnedNano),
})

const LOW_CTX = { actor: "system:webhook-lows", requestId: "job_webhook-lows", reason: "credits are low" }

export interface LowPorts {
  balanceOf(userId: UserId): Nano
  /** Where this person wants to be told. */
  belowOf(userId: UserId): Nano
}

/** One slice of people. @returns where to go on; null = that was all */
export async function tellLows(
  { store }: Deps,
  { balanceOf, belowOf }: LowPorts,
  after: number,
  rows: number,
): Promise<number | null> {
  const people = peopleListening(store.read, "balance.low", after, rows)
  const next = people.length < rows ? null : people.at(-1)!
  const look = async (userId: UserId) => {
    const balance = balanceOf(userId)
    const below = belowOf(userId)
    const isBelow = balance < below
    if (isBelow === isLow(store.read, userId)) return
    await store.write(LOW_CTX, (tx) => {
      if (!isBelow) return forgetLow(tx, userId)
      markLow(tx, userId)
      const data = { balance: creditsDecimal(balance), below: creditsDecimal(below) }
      emitIn(tx, { type: "balance.low", person: userId, subject: "balance", data })
    })
  }
  await eachAlone(people, (userId) => userId, look, next)
  return next
}
