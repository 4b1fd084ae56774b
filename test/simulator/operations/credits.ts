// Credits arrive and go: grants of every kind, daily claims, expiry, reads that expire.
import type { Bucket, GrantInput, GrantType } from "../../../src/ledger/index.ts"
import type { Act, Operation, Scene } from "../act.ts"
import { DAY, type Rollover } from "../model/books.ts"
import * as model from "../model/credits.ts"
import { walletView } from "../model/views.ts"
import { amount, asNano, badAmount, ownerOf, SCOPES } from "./people.ts"

const KINDS: { type: GrantType; bucket: Bucket; paid: boolean }[] = [
  { type: "topup", bucket: "purchase", paid: true },
  { type: "topup", bucket: "purchase", paid: true },
  { type: "subscription", bucket: "subscription", paid: true },
  { type: "coupon", bucket: "coupon", paid: false },
  { type: "bonus", bucket: "bonus", paid: false },
  { type: "referral", bucket: "referral", paid: false },
  { type: "sponsor", bucket: "sponsored", paid: false },
  { type: "refund", bucket: "refund", paid: false },
  { type: "adjustment", bucket: "adjustment", paid: false },
]

const termsOf = ({ max, cap, lifetimeMs }: Rollover) => ({
  maxNano: asNano(Number(max)),
  capNano: cap === null ? null : asNano(Number(cap)),
  lifetimeMs,
})

function someRollover({ random }: Scene): Rollover {
  const max = BigInt(random.pick([0, random.int(500), 1_000, 5_000]))
  const cap = random.oneIn(2) ? null : BigInt(random.int(3_000))
  return { max, cap, lifetimeMs: random.pick([1, 60_000, DAY, random.between(1, 5 * DAY)]) }
}

export function grantAct(input: model.Grant): Act {
  const real: GrantInput = {
    ...ownerOf(input.wallet),
    type: input.type as GrantType,
    bucket: input.bucket as Bucket,
    amountNano: asNano(input.amount),
    paid: input.paid,
    key: input.key,
    ...(input.priority === undefined ? {} : { priority: input.priority }),
    ...(input.from === undefined ? {} : { effectiveMs: input.from }),
    ...(input.until === undefined ? {} : { expiresMs: input.until }),
    ...(input.restriction === undefined ? {} : { restriction: input.restriction }),
    ...(input.rollover ? { rollover: termsOf(input.rollover) } : {}),
  }
  return {
    text: `grant ${JSON.stringify(input, (_, one) => (typeof one === "bigint" ? Number(one) : one))}`,
    realIn: ({ ledger }, tx) => ledger.grantIn(tx, real),
    predict: (books, now) => model.grant(books, input, now),
  }
}

function grant(scene: Scene): Act {
  const { random, now } = scene
  const from = random.oneIn(6) ? now + random.int(2 * DAY) : random.oneIn(20) ? now - random.int(DAY) : undefined
  const begins = from ?? now
  const wallet = scene.wallet()
  const granted = 1 + amount(random, 2_500, wallet)
  const isHuge = granted > 3_000
  const lives =
    random.oneIn(3) || isHuge ? null : random.oneIn(5) ? random.between(1, 30_000) : random.between(1, 4 * DAY)
  return grantAct({
    ...random.pick(KINDS),
    wallet,
    amount: granted,
    priority: random.oneIn(3) ? random.pick([0, 10, 90, 100]) : undefined,
    from,
    until: lives === null ? null : begins + lives,
    restriction: random.oneIn(6) ? random.pick(SCOPES) : null,
    key: scene.key("grant"),
    rollover: lives !== null && random.oneIn(3) ? someRollover(scene) : null,
  })
}

/** The same key again: the same answer, or a refusal when it is not the same grant. */
function grantAgain(scene: Scene): Act | null {
  const { random, books } = scene
  const lot = random.maybe(books.lots.filter((one) => one.key.startsWith("grant")))
  if (!lot) return null
  const again: model.Grant = {
    wallet: lot.wallet,
    type: lot.type,
    bucket: lot.bucket,
    amount: Number(lot.granted),
    paid: lot.paid,
    key: lot.key,
  }
  if (random.oneIn(2))
    Object.assign(again, random.pick([{ amount: again.amount + 1 }, { paid: !again.paid }, { wallet: scene.wallet() }]))
  return grantAct(again)
}

function badGrant(scene: Scene): Act {
  const { random, now } = scene
  const whole = { ...KINDS[0]!, wallet: scene.wallet(), amount: 100, key: scene.key("bad") }
  return grantAct({
    ...whole,
    ...random.pick([{ amount: badAmount(random) }, { amount: 0 }, { key: "" }, { from: now, until: now }]),
  })
}

function claim(scene: Scene): Act {
  const { random } = scene
  const wallet = scene.wallet()
  const ask = {
    wallet,
    amount: random.oneIn(40) ? badAmount(random) : 100 + random.int(400),
    budget: random.oneIn(4) ? null : random.pick([400, 900, 2_000]),
    lifetimeMs: random.oneIn(4) ? random.between(1, 3 * DAY) : undefined,
  }
  const real = {
    ...ownerOf(wallet),
    amountNano: asNano(ask.amount),
    freeBudgetNano: ask.budget === null ? null : asNano(ask.budget),
    auto: random.oneIn(2),
    ...(ask.lifetimeMs === undefined ? {} : { lifetimeMs: ask.lifetimeMs }),
  }
  return {
    text: `claim ${JSON.stringify(ask)}`,
    realIn: ({ ledger }, tx) => ledger.claimDailyIn(tx, real),
    predict: (books, now) => model.claim(books, ask, now),
  }
}

function claimStatus(scene: Scene): Act {
  const wallet = scene.wallet()
  const { owner, mode } = ownerOf(wallet)
  return {
    text: `claim status of ${wallet}`,
    realIn: ({ ledger }, tx) => ledger.claimStatusIn(tx, owner, mode),
    predict: (books, now) => model.claimStatus(books, wallet, now),
  }
}

/** Looking at a wallet inside a mutation expires what is due first. */
function look(scene: Scene): Act {
  const wallet = scene.wallet()
  const { owner, mode } = ownerOf(wallet)
  return {
    text: `look at ${wallet}`,
    realIn: ({ ledger }, tx) => ledger.walletIn(tx, owner, mode),
    predict(books, now) {
      model.breakDue(books, wallet, books.lotsOf(wallet), now)
      const { lots, ...figures } = walletView(books, wallet, now)
      return figures
    },
  }
}

function expire(scene: Scene): Act {
  const { clockNow } = scene
  return {
    text: "expire what is due",
    solo: true,
    real: ({ ledger }) => ledger.expireDue(),
    predict: (books, now) => model.expireDue(books, clockNow, now),
  }
}

export const CREDITS: Operation[] = [
  { name: "grant", weight: 14, make: grant },
  { name: "grantAgain", weight: 2, make: grantAgain },
  { name: "badGrant", weight: 0.7, make: badGrant },
  { name: "claim", weight: 8, make: claim },
  { name: "claimStatus", weight: 1, make: claimStatus },
  { name: "look", weight: 3, make: look },
  { name: "expire", weight: 2, make: expire },
]
