// The letter about a month to the people of a team who handle its money, where it used something. How far it went is written with the mails: a
// process that dies writes to nobody twice, and forgets nobody.
import { nameOfDay, type PersonReport } from "../analytics/index.ts"
import type { ClientId, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import { type Member, may, mayLimit, type Team } from "../teams/index.ts"
import { appLines, memberLines, modelLines } from "./figures.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import type { MonthLine } from "./mails-letter.ts"
import { type TeamMonthData, teamMonthlyLetter } from "./mails-team.ts"
import { daysOf, monthDue, startOf } from "./months.ts"
import { readerIn, saveTeamLetter, teamLetterRow } from "./store.ts"
import type { SpendingDeps } from "./types.ts"
import { plainName } from "./words.ts"

const CTX = {
  actor: "system:team-monthly-letters",
  requestId: "job_team-monthly-letters",
  reason: "the letter about a month of a team",
}

type Deps = Pick<SpendingDeps, "store" | "clock" | "identity" | "teams" | "oauth" | "analytics" | "ledger" | "mails">

/** What each reader's letter has alike; whom they may limit is theirs. */
interface Summed {
  team: Team
  data: Omit<TeamMonthData, "members">
  members: (MonthLine & { id: UserId })[]
}

/** The next teams. @returns whether more may be left */
export async function writeTeamLetters(deps: Deps, most: number): Promise<boolean> {
  const { store, clock, teams } = deps
  const month = monthDue(clock.now())
  if (month === null) return false
  const row = teamLetterRow(store.read)
  if (row?.month === month && row.doneMs !== null) return false
  const after = row?.month === month ? row.throughTeamId : 0
  const next = teams.teamsAfter(store.read, after, most)
  const summed: Summed[] = []
  for (const team of next) {
    const one = await sumOf(deps, team, month)
    if (one) summed.push(one)
  }
  const isLast = next.length < most
  await store.write(CTX, (tx) => {
    // Whoever else came first has written these.
    const now = teamLetterRow(tx)
    if ((now?.month === month ? now.throughTeamId : 0) !== after || (now?.month === month && now.doneMs !== null))
      return
    for (const one of summed) tellIn(deps, tx, one, startOf(month + 1) + L.letterUntilMs)
    saveTeamLetter(tx, { month, throughTeamId: next.at(-1)?.id ?? after, doneMs: isLast ? tx.now : null })
  })
  return !isLast
}

/** Summing takes a while: who handles the team's money, and whom they may limit, is as it is in this body. */
function tellIn(
  { teams, identity, mails }: Deps,
  tx: Tx,
  { team, data, members }: Summed,
  uselessAfterMs: number,
): void {
  const people = teams.peopleIn(tx, team.id)
  for (const { userId, role } of people) {
    const reader = may(role, "money") ? readerIn(tx, userId) : null
    if (!reader) continue
    const limitOf = (id: UserId): string | null => {
      const member = people.find((one: Member) => one.userId === id)
      return member && mayLimit(role, member.role) ? (identity.userById(id)?.publicId ?? null) : null
    }
    const lines = members.map(({ id, ...line }) => ({ ...line, limitOf: limitOf(id) }))
    mails.queueIn(tx, teamMonthlyLetter, { to: reader.email, data: { ...data, members: lines }, uselessAfterMs })
  }
}

/** Null: nothing was used. */
async function sumOf(deps: Deps, team: Team, month: number): Promise<Summed | null> {
  const reportOf = (of: number): Promise<PersonReport> =>
    deps.analytics.person({ userId: team.id, mode: "live", span: daysOf(of), filter: {} })
  const now = await reportOf(month)
  if (now.totals.calls === 0 && now.totals.usedNano === 0) return null
  const before = await reportOf(month - 1)
  const { from, to } = daysOf(month)
  const data = {
    team: plainName(team.name, "Your team"),
    teamId: team.publicId,
    month,
    from: nameOfDay(from),
    to: nameOfDay(to),
    usedNano: now.totals.usedNano,
    beforeNano: before.totals.usedNano,
    calls: now.totals.calls,
    leftNano: deps.ledger.wallet(principal(team.id), "live").spendableNano,
    cache: now.cache,
    apps: appLines(now, before, (id: ClientId) => deps.oauth.clientById(id), "Keys of the team").map(
      ({ name, usedNano, beforeNano }) => ({ name, usedNano, beforeNano }),
    ),
    models: modelLines(now, before),
  }
  const members = memberLines(now, before, (id) => memberName(deps, id)).map(({ key, ...line }) => ({
    ...line,
    id: Number(key) as UserId,
  }))
  return { team, data, members }
}

/** As the team's page calls them; an address without what makes it one. */
function memberName({ identity }: Deps, id: UserId): string {
  const person = identity.userById(id)
  return plainName(person?.name ?? person?.email.split("@")[0] ?? "", "Somebody who is gone")
}
