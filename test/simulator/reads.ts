// What pages are shown, outside any mutation: wallets, histories, claims, earnings, statements, plans. They see the clock and the newest
// posting, whichever is later.
import { ClientId, PrincipalId, UserId } from "../../src/app/index.ts"
import { includes, same } from "./difference.ts"
import type { Machine } from "./machine.ts"
import { type Books, DAY, dayOf, sum } from "./model/books.ts"
import { claimStatus } from "./model/credits.ts"
import { earningsView } from "./model/earnings.ts"
import { standingAt } from "./model/plans.ts"
import { walletView } from "./model/views.ts"
import { CLIENTS, DEVELOPERS, ownerOf, SCOPES, USERS } from "./operations/people.ts"
import type { Random } from "./random.ts"
import { routeOf } from "./rows.ts"

type Read = (random: Random, books: Books, machine: Machine, wallet: string, now: number) => void

const wallet: Read = (_, books, { ledger }, name, now) => {
  const { owner, mode } = ownerOf(name)
  const { lots, ...figures } = ledger.wallet(owner, mode)
  const { lots: expectedLots, ...expected } = walletView(books, name, now)
  includes(`wallet of ${name}`, figures, expected)
  same(`how many lots ${name} sees`, lots.length, expectedLots.length)
  lots.forEach((lot, index) => {
    const { from, ...terms } = expectedLots[index]!
    includes(`lot ${index} that ${name} sees`, lot, terms)
  })
}

const history: Read = (random, books, { ledger }, name) => {
  const { owner, mode } = ownerOf(name)
  const limit = random.between(1, 20)
  const account = books.account(name)
  let balance = books.balance(account)
  const expected = []
  for (const one of books.posted.toReversed()) {
    const mine = one.entries.filter((entry) => entry.account === account)
    if (mine.length === 0) continue
    if (expected.length === limit) break
    const amount = sum(mine.map((entry) => entry.amount))
    const after = balance
    balance -= amount
    expected.push({ type: one.type, atMs: one.at, amountNano: amount, before: balance, after })
  }
  const rows = ledger.history(owner, mode, { limit }).map((row) => ({
    type: row.type,
    atMs: row.atMs,
    amountNano: row.amountNano,
    before: row.balanceBeforeNano,
    after: row.balanceAfterNano,
  }))
  same(`history of ${name}`, rows, expected)
}

const claims: Read = (_, books, { ledger, clock }, name, now) => {
  const { owner, mode } = ownerOf(name)
  same(`claim status of ${name}`, ledger.claimStatus(owner, mode), claimStatus(books, name, now))
  const today = books.budgets.get(`${mode}|${dayOf(clock.now())}`)?.granted ?? 0n
  same(`free budget used in ${mode}`, ledger.freeBudgetUsed(mode), today)
}

const limits: Read = (random, books, { ledger }, name, now) => {
  const { owner } = ownerOf(name)
  if (owner.kind === "platform") return
  const [client, scope] = [random.pick(CLIENTS), random.pick(SCOPES)]
  const wallets = ["live", "test"].map((mode) => `${mode} ${owner.id}`)
  const day = dayOf(now)
  const caller = random.oneIn(3) ? random.pick(USERS) : owner.id
  const of = { client, caller, scope }
  const used = sum(wallets.map((one) => books.usedOf(one, of, day)))
  const held = sum(wallets.map((one) => books.heldOf(one, of, day)))
  same(`today's use of ${name}`, ledger.usedToday(owner, ClientId(client), scope, PrincipalId(caller)), {
    usedNano: used,
    heldNano: held,
  })
}

const holds: Read = (_, books, { ledger }, name) => {
  const { owner, mode } = ownerOf(name)
  const rows = ledger.holdsOf(owner, mode).map(({ callId, routeId, clientId, scope, stage, amountNano, lots }) => ({
    callId,
    routeId,
    clientId,
    scope,
    stage,
    amountNano,
    lots: lots.map((lot) => lot.amountNano),
  }))
  const mine = books.open.filter((one) => one.wallet === name).toReversed()
  const expected = mine.map(({ callId, route, client, scope, stage, amount, parts }) => ({
    callId,
    routeId: route,
    clientId: client,
    scope,
    stage,
    amountNano: amount,
    lots: parts.map((part) => part.amount),
  }))
  same(`open holds that ${name} sees`, rows, expected)
}

/** A charge under the public id of its call, anything else under its own. */
const transaction: Read = (random, books, { ledger, store }) => {
  const one = random.maybe(books.posted)
  if (!one) return
  const charge = books.charges.find((other) => other.id === one.charge)
  const publicId =
    one.type === "usage"
      ? charge!.hold.callId.replace("req_", "txn_")
      : store.read.get<{ id: string }>("SELECT public_id AS id FROM transactions WHERE id = ?", one.id)!.id
  const shown = ledger.transactionOf(publicId)!
  includes(`transaction ${publicId}`, shown, {
    transactionId: publicId,
    type: one.type,
    mode: one.mode,
    atMs: one.at,
    callId: charge?.hold.callId ?? null,
    clientId: charge?.hold.client ?? null,
    callerId: charge?.hold.caller ?? null,
    scope: charge?.hold.scope ?? null,
    routeId: charge ? routeOf(charge) : null,
    givenBackNano: one.type === "usage" ? charge!.back : 0,
    refundOf: one.type === "refund" && charge ? charge.hold.callId.replace("req_", "txn_") : null,
  })
  const inOrder = (all: (number | bigint)[]) => all.map(Number).sort((a, b) => a - b)
  const amounts = inOrder(one.entries.map((entry) => entry.amount))
  same(`amounts of ${publicId}`, inOrder(shown.entries.map((entry) => entry.amountNano)), amounts)
}

const earnings: Read = (random, books, { ledger }, name) => {
  const earner = `${name.split(" ")[0]} ${random.pick(DEVELOPERS)}`
  const { owner, mode } = ownerOf(earner)
  const shown = ledger.earningsOf(owner, mode, { paidDays: 7, promoDays: 30 })
  const expected = earningsView(books, earner)
  includes(`earnings of ${earner}`, shown, expected)
  const upcoming = shown.upcoming.reduce((total, one) => total + one.amountNano, 0)
  same(`upcoming earnings of ${earner}`, upcoming, expected.pendingNano)
}

/** Opening + lines = closing, and the closing of today is what the accounts say. */
const statement: Read = (random, books, { ledger }, name, now) => {
  const earner = `${name.split(" ")[0]} ${random.pick(DEVELOPERS)}`
  const { owner, mode } = ownerOf(earner)
  const to = (dayOf(now) + 1) * DAY
  const { opening, closing, lines } = ledger.statementOf(owner, mode, to - random.between(0, 90) * DAY, to)
  for (const account of ["pending", "payable"] as const) {
    const figure = `${account}Nano` as const
    const moved = lines.reduce((total, line) => total + line[figure], 0)
    same(`statement of ${earner}, ${account}`, opening[figure] + moved, closing[figure])
    same(`closing ${account} of ${earner}`, closing[figure], books.balance(books.account(earner, account)))
  }
}

const standing: Read = (_, books, { plans, clock }, name) => {
  const user = Number(name.split(" ")[1])
  const shown = plans.standingOf(UserId(user))
  const { plan, period, choice, next } = standingAt(books, user, clock.now())
  const { pendingPlan } = shown
  const seen = { plan: shown.plan.code, period: shown.period, choice: shown.choice, next: pendingPlan?.code ?? null }
  same(`standing of ${user}`, seen, { plan, period, choice, next })
}

const READS: Read[] = [wallet, wallet, history, claims, limits, holds, transaction, earnings, statement, standing]

export function compareReads(random: Random, books: Books, machine: Machine, name: string): void {
  const now = Math.max(machine.clock.now(), books.posted.at(-1)?.at ?? 0)
  random.pick(READS)(random, books, machine, name, now)
}
