// Calls: holds of every kind, marks, settles under, at and over the hold, releases, sweeps.
import { AppError, ClientId, HoldId } from "../../../src/app/index.ts"
import type { HoldStage } from "../../../src/ledger/index.ts"
import type { Act, Operation, Scene } from "../act.ts"
import { DAY, type Hold } from "../model/books.ts"
import * as model from "../model/calls.ts"
import * as holds from "../model/holds.ts"
import { amount, asNano, badAmount, CLIENTS, DEVELOPERS, ownerOf, person, SCOPES, UNKNOWN } from "./people.ts"

const LEASES = [0, 1, 60_000, 3_600_000, DAY]

export function holdAct(ask: holds.Ask, boot: string): Act {
  const real = {
    ...ownerOf(ask.wallet),
    amountNano: asNano(ask.amount),
    ...(ask.least === undefined ? {} : { leastNano: asNano(ask.least) }),
    callId: ask.callId,
    scope: ask.scope,
    limit: ask.app && {
      clientId: ClientId(ask.app.clientId),
      scope: ask.app.scope,
      dailyNano: ask.app.daily === null ? null : asNano(ask.app.daily),
    },
    leaseMs: ask.leaseMs,
    inputCostNano: asNano(ask.inputCost),
    stage: ask.stage as HoldStage,
    developer: person(ask.developer),
    split: { upstream: ask.split[0], developer: ask.split[1], platform: ask.split[2] },
    ...(ask.promoEligible === undefined ? {} : { promoEligible: ask.promoEligible }),
    ...(ask.promoCap === undefined ? {} : { promoCapNano: ask.promoCap === null ? null : asNano(ask.promoCap) }),
  }
  return {
    text: `hold ${JSON.stringify(ask)}`,
    lane: "hold",
    realIn: ({ ledger }, tx) => ledger.holdIn(tx, real),
    predict: (books, now) => holds.hold(books, ask, boot, now),
  }
}

export function someAsk(scene: Scene): holds.Ask {
  const { random } = scene
  const wallet = scene.wallet()
  const most = random.oneIn(8) ? 0 : amount(random, 1_200, wallet)
  const scope = random.pick(SCOPES)
  const developer = random.oneIn(4) ? null : random.pick(DEVELOPERS)
  const share = developer === null ? 0 : random.int(4)
  return {
    wallet,
    amount: most,
    least: random.oneIn(3) ? random.int(most + 1) : undefined,
    callId: scene.key("req"),
    scope,
    app: random.oneIn(4)
      ? null
      : { clientId: random.pick(CLIENTS), scope, daily: random.pick([null, 2_500, 2_500, 1_000, 300]) },
    leaseMs: random.pick(LEASES),
    inputCost: random.oneIn(3) ? 0 : random.int(Math.min(most, 5_000) + 200),
    stage: random.oneIn(3) ? "sent" : "held",
    developer,
    promoEligible: random.pick([undefined, true, true, false]),
    promoCap: random.pick([undefined, null, 0, 40, 150, 600]),
    split: random.oneIn(10) ? [0, 0, 0] : [random.int(4), share, random.int(4)],
  }
}

const hold = (scene: Scene): Act => holdAct(someAsk(scene), scene.bootId)

/** A caller that catches the refusal inside its own mutation and goes on. */
function holdOrGoOn(scene: Scene): Act {
  const ask = someAsk(scene)
  const { bootId } = scene
  const plain = holdAct(ask, bootId)
  const act: NonNullable<Act["realIn"]> = (real, tx) => {
    try {
      return { code: null, ...(plain.realIn!(real, tx) as object) }
    } catch (error) {
      if (error instanceof AppError) return { code: error.code }
      throw error
    }
  }
  return {
    text: `${plain.text}, or go on`,
    realIn: act,
    predict: (books, now) => holds.holdOrCode(books, ask, bootId, now),
  }
}

function badHold(scene: Scene): Act {
  const { random } = scene
  const ask = someAsk(scene)
  const bad = badAmount(random)
  const wrong: Partial<holds.Ask>[] = [{ amount: bad }, { least: ask.amount + 1 }, { inputCost: bad }, { leaseMs: bad }]
  wrong.push({ split: [1, bad, 0] }, { split: [0, 1, 0], developer: null })
  return holdAct({ ...ask, ...random.pick(wrong) }, scene.bootId)
}

/** An open hold of somebody, or now and then any hold. */
function someHold({ random, books }: Scene): Hold | undefined {
  return random.maybe(random.oneIn(10) ? books.holds : books.open)
}

function mark(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const id = random.oneIn(40) ? scene.books.holds.length + UNKNOWN : found.id
  const stage = random.pick(["sent", "streaming"] as const)
  const known = random.oneIn(40) ? badAmount(random) : random.int(Math.min(Number(found.amount), 5_000) + 300)
  const leaseMs = random.oneIn(3) ? random.pick(LEASES) : undefined
  const real = { stage, knownCostNano: asNano(known), ...(leaseMs === undefined ? {} : { leaseMs }) }
  return {
    text: `mark hold ${id} ${stage} ${known} lease ${leaseMs}`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.markIn(tx, HoldId(id), real),
    predict: (books, now) => model.mark(books, id, { stage, known, leaseMs }, now),
  }
}

/** A charge with parts that add up, of any proportion. */
export function someCharge(scene: Scene, held: number, developer: number | null): model.Charge {
  const { random } = scene
  const total = random.pick([0, held, random.int(held + 1), random.int(held + 1), held + random.int(900)])
  if (total > Number.MAX_SAFE_INTEGER) return someCharge(scene, 1_000, developer)
  const upstream = random.pick([total, Math.floor(total / 2), random.int(total + 1), 0])
  const rest = total - upstream
  const share = developer === null ? 0 : random.pick([0, rest, Math.floor(rest / 2), random.int(rest + 1)])
  return { total, upstream, developer: share, platform: rest - share }
}

export function settleAct(id: number, charge: model.Charge, developer: number | null): Act {
  const real = {
    holdId: HoldId(id),
    charge: {
      totalNano: asNano(charge.total),
      upstreamNano: asNano(charge.upstream),
      developerNano: asNano(charge.developer),
      platformNano: asNano(charge.platform),
    },
    developer: person(developer),
  }
  return {
    text: `settle hold ${id} for ${JSON.stringify(charge)} developer ${developer}`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.settleIn(tx, real),
    predict: (books, now) => model.settle(books, id, charge, developer, now),
  }
}

function settle(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const developer = random.oneIn(12) ? random.pick(DEVELOPERS) : found.developer
  return settleAct(found.id, someCharge(scene, Number(found.amount), developer), developer)
}

/** The same settle twice in one turn, or once more much later. */
function settleAgain(scene: Scene): Act | null {
  const found = scene.random.maybe(scene.books.holds.filter((one) => one.state !== "open"))
  return found ? settleAct(found.id, someCharge(scene, Number(found.amount), found.developer), found.developer) : null
}

function badSettle(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const charge = someCharge(scene, 500, 8)
  const bad = badAmount(random)
  const wrong: Partial<model.Charge>[] = [
    { total: charge.total + 1 },
    { upstream: bad },
    { platform: charge.platform + 1 },
  ]
  if (random.oneIn(4)) return settleAct(scene.books.holds.length + UNKNOWN, charge, 8)
  return settleAct(found.id, { ...charge, ...random.pick(wrong) }, 8)
}

function release(scene: Scene): Act | null {
  const found = someHold(scene)
  if (!found) return null
  const id = scene.random.oneIn(30) ? scene.books.holds.length + UNKNOWN : found.id
  return {
    text: `release hold ${id}`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.releaseIn(tx, HoldId(id)),
    predict: (books, now) => model.release(books, id, now),
  }
}

function raise(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const id = random.oneIn(40) ? scene.books.holds.length + UNKNOWN : found.id
  const more = random.oneIn(30) ? badAmount(random) : amount(random, 400, found.wallet)
  const daily = random.pick([undefined, null, 2_500, 1_000])
  return {
    text: `raise hold ${id} by ${more}, daily ${daily}`,
    lane: "hold",
    realIn: ({ ledger }, tx) => ledger.raiseIn(tx, HoldId(id), more, daily),
    predict: (books, now) => holds.raise(books, id, more, daily ?? null, now),
  }
}

function renew(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const leaseMs = random.oneIn(30) ? badAmount(random) : random.pick(LEASES)
  return {
    text: `renew hold ${found.id} for ${leaseMs} ms`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.renewIn(tx, HoldId(found.id), leaseMs),
    predict: (books, now) => holds.renew(books, found.id, leaseMs, now),
  }
}

function sweep(scene: Scene): Act {
  const { random, clockNow } = scene
  const alive = new Set(scene.books.open.filter(() => random.oneIn(3)).map((one) => one.callId))
  return {
    text: `sweep, alive are ${[...alive]}`,
    solo: true,
    real: ({ ledger }) => ledger.sweep((callId) => alive.has(callId)),
    predict: (books, now) =>
      model.abandon(
        books,
        books.open.filter((one) => one.lease <= clockNow && !alive.has(one.callId)),
        now,
      ),
  }
}

export const CALLS: Operation[] = [
  { name: "hold", weight: 30, make: hold },
  { name: "holdOrGoOn", weight: 3, make: holdOrGoOn },
  { name: "badHold", weight: 1, make: badHold },
  { name: "mark", weight: 6, make: mark },
  { name: "settle", weight: 26, make: settle },
  { name: "settleAgain", weight: 1.5, make: settleAgain },
  { name: "badSettle", weight: 1, make: badSettle },
  { name: "release", weight: 3.5, make: release },
  { name: "raise", weight: 4, make: raise },
  { name: "renew", weight: 1.5, make: renew },
  { name: "sweep", weight: 1.5, make: sweep },
]
