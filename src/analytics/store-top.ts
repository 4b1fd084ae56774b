// SQL of who used most, and of who came back: the two questions about the house whose cost grows with people. In the read Worker.
import { DAY_MS, dayOf, nano } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { People } from "./people.ts"
import { type Ranked, Spending, type Spent, topOf } from "./spend.ts"
import { kept, parted } from "./store-closed.ts"
import { idSince, NOT_ERASED, packedAfter } from "./store-packs.ts"
import { callersOf, firstUserSince, newcomersOf } from "./store-people.ts"
import type { Span } from "./types.ts"
import type { Cohort, HouseTop } from "./types-house.ts"

const TOP = 20

type TopUser = Omit<HouseTop["users"][number], "collectedNano"> & { nano: number }
type TopApp = Omit<HouseTop["apps"][number], "collectedNano" | "earnedNano"> & { nano: number; earned: number }

/** Who spent most in live mode; no erased person is among them. */
function topUsers(reader: Reader, span: Span): TopUser[] {
  return idSince(reader, span.from * DAY_MS) > packedAfter(reader) ? topPacked(reader, span) : topUnpacked(reader, span)
}

/** One day after another: its runs are a few megabytes, all of them are many. */
function spentIn(reader: Reader, { from, to }: Span): Spending {
  const spending = new Spending()
  for (let day = from; day <= to; day++)
    for (const run of reader.all<{ bytes: Uint8Array; wide: Uint8Array }>(
      "SELECT bytes, wide FROM analytics_spend WHERE day = ?",
      day,
    ))
      spending.addRun(run)
  return spending
}

function rankedIn(reader: Reader, span: Span): Ranked {
  const spending = spentIn(reader, span)
  return { spending, top: spending.top(TOP) }
}

function topPacked(reader: Reader, { from, to }: Span): TopUser[] {
  const { closed, open } = parted(reader, { from, to })
  const name = `top users ${closed?.from} ${closed?.to}`
  const until =
    closed &&
    kept(
      reader,
      name,
      () => rankedIn(reader, closed),
      ({ spending }) => spending.bytes,
    )
  const since = open ? spentIn(reader, open) : new Spending()
  // Each by itself: to group them SQLite would walk all of the books in the order of their wallets.
  for (const spent of reader.all<Spent>(
    `SELECT c.account_id AS account, 1 AS calls, c.collected_nano AS nano FROM v_charges c
     WHERE c.id > (SELECT through FROM analytics_fold) AND c.day BETWEEN ? AND ? AND c.mode = 'live' AND ${NOT_ERASED("c.account_id")}`,
    from,
    to,
  ))
    since.add(spent)
  const top = topOf(TOP, until, since)
  const names = new Map(
    reader
      .all<{ account: number } & Pick<TopUser, "ownerId" | "userId" | "email">>(
        `SELECT a.account_id AS account, a.owner_id AS ownerId, u.public_id AS userId, u.email FROM json_each(?) t
         CROSS JOIN v_ledger_accounts a ON a.account_id = t.value
         LEFT JOIN v_identity_users u ON u.id = a.owner_id AND +a.owner_kind = 'principal'`,
        JSON.stringify(top.map(({ account }) => account)),
      )
      .map(({ account, ...named }) => [account, named]),
  )
  return top.map(({ account, calls, nano }) => ({ ...names.get(account)!, calls, nano }))
}

/** From days of wallets, before there are packs of all these days; they do not say whether they are live: asked for more until enough are. */
function topUnpacked(reader: Reader, { from, to }: Span): TopUser[] {
  for (let most = TOP * 4; ; most *= 10) {
    const found = reader.all<TopUser & { isLive: 0 | 1 }>(
      `SELECT a.owner_id AS ownerId, u.public_id AS userId, u.email, t.calls, t.nano,
         COALESCE(a.mode = 'live', 0) AND u.status IS NOT 'deleted' AS isLive FROM (
         SELECT account_id, SUM(calls) AS calls, SUM(nano) AS nano FROM (
           SELECT account_id, calls, collected_nano AS nano FROM v_charge_days WHERE day BETWEEN ?1 AND ?2
           UNION ALL
           SELECT account_id, 1, collected_nano FROM v_charges
           WHERE id > (SELECT through FROM v_charge_fold) AND day BETWEEN ?1 AND ?2)
         GROUP BY account_id ORDER BY nano DESC, account_id LIMIT ?3) t
       LEFT JOIN v_ledger_accounts a ON a.account_id = t.account_id AND a.owner_kind = 'principal'
       LEFT JOIN v_identity_users u ON u.id = a.owner_id
       ORDER BY t.nano DESC, t.account_id`,
      from,
      to,
      most,
    )
    const live = found.filter(({ isLive }) => isLive === 1)
    if (live.length < TOP && found.length === most) continue
    return live.slice(0, TOP).map(({ isLive: _, ...user }) => user)
  }
}

export function houseTop(reader: Reader, { from, to }: Span): HouseTop {
  const users = topUsers(reader, { from, to })
  const apps = reader.all<TopApp>(
    `SELECT k.public_id AS appId, k.name, SUM(s.calls) AS calls, SUM(s.collected_nano) AS nano, SUM(s.earned_nano) AS earned FROM (
       SELECT client_id, calls, collected_nano, earned_nano FROM v_charge_client_days WHERE day BETWEEN ?1 AND ?2
       UNION ALL
       SELECT client_id, 1, collected_nano, earned_nano FROM v_charges
       WHERE id > (SELECT through FROM v_charge_fold) AND day BETWEEN ?1 AND ?2) s
     JOIN v_oauth_clients k ON k.client_id = s.client_id AND k.mode = 'live'
     GROUP BY s.client_id ORDER BY nano DESC, calls DESC, s.client_id LIMIT ${TOP}`,
    from,
    to,
  )
  return {
    users: users.map(({ nano: amount, ...user }) => ({ ...user, collectedNano: nano(amount) })),
    apps: apps.map(({ nano: amount, earned, ...app }) => ({
      ...app,
      collectedNano: nano(amount),
      earnedNano: nano(earned),
    })),
  }
}

/** First moments of the last UTC months, the oldest first; the last one is the month that runs. */
function monthsUntil(nowMs: number, months: number): number[] {
  const now = new Date(nowMs)
  return Array.from({ length: months }, (_, at) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + 1 + at, 1),
  )
}

/** People are numbered in the order in which they came: those of a month are a range of numbers. */
export function cohorts(reader: Reader, { nowMs, months }: { nowMs: number; months: number }): Cohort[] {
  const starts = monthsUntil(nowMs, months)
  const ends = [...starts.slice(1), nowMs + 1]
  const spans = starts.map((ms, at) => ({ from: dayOf(ms), to: dayOf(ends[at]! - 1) }))
  const active = spans.map((span) => callersOf(reader, null, span).all)
  const bounds = [...starts.map((ms) => firstUserSince(reader, ms)), firstUserSince(reader, nowMs + 1)]
  return starts.map((monthMs, at) => {
    const [first, end] = [bounds[at]!, bounds[at + 1]!]
    const people = [...newcomersOf(reader, spans[at]!).values()].reduce((sum, one) => sum + one, 0)
    const own = People.between(first, end)
    return { monthMs, people, active: starts.slice(at).map((_, later) => active[at + later]!.common(own)) }
  })
}
