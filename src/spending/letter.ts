// The letter about a month, to whoever used something in it. How far it went is written with the mails: a process that dies writes to nobody
// twice, and forgets nobody.
import { nameOfDay, type PersonReport } from "../analytics/index.ts"
import type { ClientId, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import { appLines, modelLines, offerFor } from "./figures.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import { limitUrl } from "./link.ts"
import { type MonthData, monthlyLetter } from "./mails-letter.ts"
import { daysOf, monthDue, startOf } from "./months.ts"
import { type LetterReader, letterRow, peopleAfter, readerIn, saveLetter } from "./store.ts"
import type { SpendingDeps } from "./types.ts"

const CTX = { actor: "system:monthly-letters", requestId: "job_monthly-letters", reason: "the letter about a month" }

type Deps = Pick<SpendingDeps, "store" | "clock" | "keyring" | "oauth" | "analytics" | "ledger" | "mails" | "siteUrl">

/** The next people. @returns whether more may be left */
export async function writeLetters(deps: Deps, rows: number): Promise<boolean> {
  const { store, clock } = deps
  const nowMs = clock.now()
  const month = monthDue(nowMs)
  if (month === null) return false
  const row = letterRow(store.read)
  if (row?.month === month && row.doneMs !== null) return false
  const after = row?.month === month ? row.throughUserId : 0
  const people = peopleAfter(store.read, after, rows)
  const letters: { userId: UserId; data: MonthData }[] = []
  for (const person of people) {
    const data = await dataFor(deps, person, month, nowMs)
    if (data) letters.push({ userId: person.id, data })
  }
  const isLast = people.length < rows
  await store.write(CTX, (tx) => {
    // Whoever else came first has written these.
    const now = letterRow(tx)
    if ((now?.month === month ? now.throughUserId : 0) !== after || (now?.month === month && now.doneMs !== null))
      return
    const uselessAfterMs = startOf(month + 1) + L.letterUntilMs
    for (const { userId, data } of letters) {
      // Summing takes a while: whoever left meanwhile, or has another address, is written to as they are now.
      const reader = readerIn(tx, userId)
      if (reader) deps.mails.queueIn(tx, monthlyLetter, { to: reader.email, data, uselessAfterMs })
    }
    saveLetter(tx, { month, throughUserId: people.at(-1)?.id ?? after, doneMs: isLast ? tx.now : null })
  })
  return !isLast
}

/** Null: nothing was used. */
async function dataFor(
  deps: Omit<Deps, "mails" | "store" | "clock">,
  person: LetterReader,
  month: number,
  nowMs: number,
): Promise<MonthData | null> {
  const reportOf = (of: number): Promise<PersonReport> =>
    deps.analytics.person({ userId: person.id, mode: "live", span: daysOf(of), filter: {} })
  const now = await reportOf(month)
  if (now.totals.calls === 0 && now.totals.usedNano === 0) return null
  const before = await reportOf(month - 1)
  const { from, to } = daysOf(month)
  const consents = deps.oauth.consentsOf(person.id)
  const offerOf = (clientId: number, usedNano: MonthData["usedNano"], at: number) => {
    if (clientId <= 0 || at >= L.offersMax) return null
    const offer = offerFor(
      usedNano,
      to - from + 1,
      consents.find((one) => one.clientId === clientId),
    )
    if (offer === null) return null
    const { most, kinds, appPublicId: app } = offer
    return { most, kinds, link: limitUrl(deps, { user: person.publicId, app, most, untilMs: nowMs + L.linkMs }) }
  }
  return {
    month,
    from: nameOfDay(from),
    to: nameOfDay(to),
    usedNano: now.totals.usedNano,
    beforeNano: before.totals.usedNano,
    calls: now.totals.calls,
    leftNano: deps.ledger.wallet(principal(person.id), "live").spendableNano,
    cache: now.cache,
    apps: appLines(now, before, (id: ClientId) => deps.oauth.clientById(id)).map(
      ({ name, usedNano, beforeNano, clientId }, at) => ({
        name,
        usedNano,
        beforeNano,
        limit: offerOf(clientId, usedNano, at),
      }),
    ),
    models: modelLines(now, before),
  }
}
