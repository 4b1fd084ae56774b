// Calls: holds of every kind, marks, settles under, at and over the hold, releases, sweeps.
import { AppError, ClientId, HoldId, KeyId, PrincipalId, RouteId } from "../../../src/app/index.ts"
import type {
  EndReason,
  HoldInput,
  HoldRef,
  HoldStage,
  HoldTerms,
  CallEnd as RealCallEnd,
  UsageSource,
} from "../../../src/ledger/index.ts"
import { type Act, flat, type Operation, type Scene } from "../act.ts"
import { type CallEnd, DAY, type Hold } from "../model/books.ts"
import * as model from "../model/calls.ts"
import * as holds from "../model/holds.ts"
import { atomically } from "../model/plans.ts"
import { amount, asNano, badAmount, CLIENTS, DEVELOPERS, ownerOf, person, SCOPES, UNKNOWN, USERS } from "./people.ts"

const LEASES = [0, 1, 60_000, 3_600_000, DAY]
const ROUTES = [11, 12, 13]

function inputOf(ask: holds.Ask): HoldInput {
  return {
    owner: person(Number(ask.wallet.split(" ")[1]))!,
    mode: ownerOf(ask.wallet).mode,
    amountNano: asNano(ask.amount),
    ...(ask.least === undefined ? {} : { leastNano: asNano(ask.least) }),
    callId: ask.callId,
    scope: ask.scope,
    ...(ask.paidOnly === undefined ? {} : { paidOnly: ask.paidOnly }),
    ...(ask.caller === undefined ? {} : { callerId: PrincipalId(ask.caller) }),
    ...(ask.client === undefined ? {} : { clientId: ask.client === null ? null : ClientId(ask.client) }),
    ...(ask.key === undefined ? {} : { keyId: ask.key === null ? null : KeyId(ask.key) }),
    ...(ask.route === undefined ? {} : { routeId: ask.route === null ? null : RouteId(ask.route) }),
    ...(ask.stream === undefined ? {} : { stream: ask.stream }),
    ...(ask.daily === undefined ? {} : { dailyNano: ask.daily === null ? null : asNano(ask.daily) }),
    leaseMs: ask.leaseMs,
    inputCostNano: asNano(ask.inputCost),
    stage: ask.stage as HoldStage,
    developer: person(ask.developer),
    split: { upstream: ask.split[0], developer: ask.split[1], platform: ask.split[2] },
    ...(ask.promoEligible === undefined ? {} : { promoEligible: ask.promoEligible }),
    ...(ask.promoCap === undefined ? {} : { promoCapNano: ask.promoCap === null ? null : asNano(ask.promoCap) }),
  }
}

/** A call is charged once, so that whoever does it again does it under another id. */
export function holdAct(ask: holds.Ask, scene: Pick<Scene, "bootId" | "key">): Act {
  const input = inputOf(ask)
  return {
    text: `hold ${JSON.stringify(ask)}`,
    lane: "hold",
    again: () => holdAct({ ...ask, callId: scene.key("req") }, scene),
    realIn: ({ ledger, names }, tx) => {
      const { id, accountId, callId, ...figures } = ledger.holdIn(tx, input)
      names.set(callId, { id, accountId, callId })
      return figures
    },
    predict: (books, now) => holds.hold(books, ask, scene.bootId, now),
  }
}

export function someAsk(scene: Scene): holds.Ask {
  const { random } = scene
  const wallet = scene.wallet()
  const most = random.oneIn(8) ? 0 : amount(random, 1_200, wallet)
  const scope = random.pick(SCOPES)
  const developer = random.oneIn(4) ? null : random.pick(DEVELOPERS)
  const share = developer === null ? 0 : random.int(4)
  const client = random.oneIn(4) ? random.pick([null, undefined]) : random.pick(CLIENTS)
  return {
    wallet,
    amount: most,
    least: random.oneIn(3) ? random.int(most + 1) : undefined,
    callId: scene.key("req"),
    scope,
    paidOnly: random.oneIn(8) ? true : undefined,
    caller: random.oneIn(5) ? random.pick(USERS) : undefined,
    client,
    key: random.oneIn(5) ? 1 + random.int(3) : undefined,
    route: random.oneIn(4) ? undefined : random.pick(ROUTES),
    stream: random.pick([undefined, true, false]),
    daily: client == null || random.oneIn(8) ? undefined : random.pick([null, 2_500, 2_500, 1_000, 300]),
    leaseMs: random.pick(LEASES),
    inputCost: random.oneIn(3) ? 0 : random.int(Math.min(most, 5_000) + 200),
    stage: random.oneIn(3) ? "sent" : "held",
    developer,
    promoEligible: random.pick([undefined, true, true, false]),
    promoCap: random.pick([undefined, null, 0, 40, 150, 600]),
    split: random.oneIn(10) ? [0, 0, 0] : [random.int(4), share, random.int(4)],
  }
}

const hold = (scene: Scene): Act => holdAct(someAsk(scene), scene)

/** A caller that catches the refusal inside its own mutation and goes on. */
const holdOrGoOn = (scene: Scene): Act => orGoOn(someAsk(scene), scene)

function orGoOn(ask: holds.Ask, scene: Scene): Act {
  const plain = holdAct(ask, scene)
  return {
    text: `${plain.text}, or go on`,
    again: () => orGoOn({ ...ask, callId: scene.key("req") }, scene),
    realIn(real, tx) {
      try {
        return { code: null, ...(plain.realIn!(real, tx) as object) }
      } catch (error) {
        if (error instanceof AppError) return { code: error.code }
        throw error
      }
    },
    predict: (books, now) => holds.holdOrCode(books, ask, scene.bootId, now),
  }
}

/** Two short calls for one developer in one mutation: what the first one earned counts for the second. */
function twoCalls(scene: Scene): Act {
  const { random } = scene
  const developer = random.pick(DEVELOPERS)
  const shared = { wallet: scene.wallet(), developer, promoEligible: true, promoCap: random.pick([40, 150, 600]) }
  const asks = [someAsk(scene), someAsk(scene)].map((ask) => ({ ...ask, ...shared }))
  const parts = asks.flatMap((ask) => {
    const call = { wallet: ask.wallet, callId: ask.callId, isRight: true }
    const price = somePrice(scene, ask.amount, developer)
    return [holdAct(ask, scene), settleAct({ ref: null, name: call }, { price, developer })]
  })
  return {
    text: `two calls: ${parts.map((part) => part.text).join("; ")}`,
    again: () => twoCalls(scene),
    realIn: (real, tx) => flat(parts.map((part) => part.realIn!(real, tx))),
    predict: (books, at) => atomically(books, () => flat(parts.map((part) => part.predict(books, at)))),
  }
}

function badHold(scene: Scene): Act {
  const { random } = scene
  const ask = someAsk(scene)
  const bad = badAmount(random)
  const wrong: Partial<holds.Ask>[] = [{ amount: bad }, { least: ask.amount + 1 }, { inputCost: bad }, { leaseMs: bad }]
  wrong.push({ split: [1, bad, 0] }, { split: [0, 1, 0], developer: null }, { client: 1, daily: bad })
  wrong.push({ client: null, daily: 1_000 })
  return holdAct({ ...ask, ...random.pick(wrong) }, scene)
}

/** An open hold of somebody, or now and then any hold. */
function someHold({ random, books }: Scene): Hold | undefined {
  return random.maybe(random.oneIn(10) ? books.holds : books.open)
}

/** How somebody speaks of a hold: mostly by its name, now and then by one that nobody has, or with the id of another. */
function nameOf(scene: Scene, hold: Hold): { ref: HoldRef; name: model.Name } {
  const { random } = scene
  const { wallet, callId } = hold
  const ref = scene.nameOf(callId)
  if (!random.oneIn(40)) return { ref, name: { wallet, callId, isRight: true } }
  if (random.oneIn(2)) return { ref: { ...ref, id: HoldId(UNKNOWN) }, name: { wallet, callId, isRight: false } }
  return { ref: { ...ref, callId: "req_none" }, name: { wallet, callId: "req_none", isRight: false } }
}

function mark(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const { ref, name } = nameOf(scene, found)
  const stage = random.pick(["sent", "streaming"] as const)
  const known = random.oneIn(40) ? badAmount(random) : random.int(Math.min(Number(found.amount), 5_000) + 300)
  const leaseMs = random.oneIn(3) ? random.pick(LEASES) : undefined
  const real = { stage, knownCostNano: asNano(known), ...(leaseMs === undefined ? {} : { leaseMs }) }
  return {
    text: `mark ${ref.callId} ${stage} ${known} lease ${leaseMs}`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.markIn(tx, ref, real),
    predict: (books, now) => model.mark(books, name, { stage, known, leaseMs }, now),
  }
}

/** A charge with parts that add up, of any proportion. */
function somePrice(scene: Scene, held: number, developer: number | null): model.Price {
  const { random } = scene
  const total = random.pick([0, held, random.int(held + 1), random.int(held + 1), held + random.int(900)])
  if (total > Number.MAX_SAFE_INTEGER) return somePrice(scene, 1_000, developer)
  const upstream = random.pick([total, Math.floor(total / 2), random.int(total + 1), 0])
  const rest = total - upstream
  const share = developer === null ? 0 : random.pick([0, rest, Math.floor(rest / 2), random.int(rest + 1)])
  return { total, upstream, developer: share, platform: rest - share }
}

const ENDS: readonly EndReason[] = ["done", "done", "done", "failed", "client_gone", "timeout", "cut"]

function someCall({ random }: Scene): CallEnd {
  const end = random.pick(ENDS)
  return {
    route: random.pick([undefined, undefined, null, ...ROUTES]),
    status: random.pick([200, 200, 429, 500]),
    errorCode: end === "done" ? null : random.pick([null, "upstream_error", "overloaded"]),
    end,
    latency: random.int(60_000),
    firstToken: random.oneIn(2) ? null : random.int(2_000),
    tokens: {
      input: random.int(500),
      cached: random.int(50),
      output: random.int(500),
      reasoning: random.int(50),
    },
    units: random.oneIn(4) ? { images: 1 + random.int(3) } : null,
    source: random.pick(["reported", "estimated", "none"]),
  }
}

const realCall = ({ route, latency, firstToken, tokens, ...call }: CallEnd): RealCallEnd => ({
  ...(route === undefined ? {} : { routeId: route === null ? null : RouteId(route) }),
  status: call.status,
  errorCode: call.errorCode,
  end: call.end as EndReason,
  latencyMs: latency,
  firstTokenMs: firstToken,
  inputTokens: tokens.input,
  cachedTokens: tokens.cached,
  outputTokens: tokens.output,
  reasoningTokens: tokens.reasoning,
  units: call.units,
  source: call.source as UsageSource,
})

/** `ref` null: of a hold that will be made just before. */
function settleAct({ ref, name }: { ref: HoldRef | null; name: model.Name }, ask: model.Ask): Act {
  const { price, developer, withinHold, call } = ask
  const input = {
    charge: {
      totalNano: asNano(price.total),
      upstreamNano: asNano(price.upstream),
      developerNano: asNano(price.developer),
      platformNano: asNano(price.platform),
    },
    developer: person(developer),
    ...(withinHold === undefined ? {} : { withinHold }),
    ...(call === undefined ? {} : { call: realCall(call) }),
  }
  return {
    text: `settle ${name.callId} (${name.isRight ? "known" : "unknown"}) for ${JSON.stringify(ask)}`,
    lane: "settle",
    realIn: ({ ledger, names }, tx) => ledger.settleIn(tx, { ...input, hold: ref ?? names.get(name.callId)! }),
    predict: (books, now) => model.settle(books, name, ask, now),
  }
}

function someSettle(scene: Scene, found: Hold): Act {
  const { random } = scene
  const developer = random.oneIn(12) ? random.pick(DEVELOPERS) : found.developer
  return settleAct(nameOf(scene, found), {
    price: somePrice(scene, Number(found.amount), developer),
    developer,
    withinHold: random.pick([undefined, undefined, undefined, true, false]),
    call: random.oneIn(3) ? undefined : someCall(scene),
  })
}

function settle(scene: Scene): Act | null {
  const found = someHold(scene)
  return found ? someSettle(scene, found) : null
}

/** The same settle twice in one turn, or once more much later. */
function settleAgain(scene: Scene): Act | null {
  const found = scene.random.maybe(scene.books.holds.filter((one) => one.state !== "open"))
  return found ? someSettle(scene, found) : null
}

function badSettle(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const price = somePrice(scene, 500, 8)
  const bad = badAmount(random)
  const wrong: Partial<model.Price>[] = [
    { total: price.total + 1 },
    { upstream: bad },
    { platform: price.platform + 1 },
  ]
  return settleAct(nameOf(scene, found), { price: { ...price, ...random.pick(wrong) }, developer: 8 })
}

function release(scene: Scene): Act | null {
  const found = someHold(scene)
  if (!found) return null
  const { ref, name } = nameOf(scene, found)
  return {
    text: `release ${ref.callId}`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.releaseIn(tx, ref),
    predict: (books, now) => model.release(books, name, now),
  }
}

/**
 * Whom a call goes to from here on: from a person's own key, which owes no upstream, to the house's account or back. Of the amount alone, so
 * that a seed draws what it drew; now and then with a share for nobody.
 */
function termsAfter({ developer }: Hold, more: number): holds.Terms | undefined {
  if (!Number.isSafeInteger(more) || more < 0 || more % 3 !== 0) return undefined
  const at = more / 3
  const share = developer === null ? Number(at % 29 === 1) : at % 4
  return {
    route: ROUTES[at % 3]!,
    inputCost: at % 7 === 0 ? 0 : more * 2,
    split: [at % 3, share, (at + 1) % 4],
  }
}

const realTerms = (terms: holds.Terms | undefined): [] | [HoldTerms] => {
  if (!terms) return []
  const [upstream, developer, platform] = terms.split
  return [
    { routeId: RouteId(terms.route), inputCostNano: asNano(terms.inputCost), split: { upstream, developer, platform } },
  ]
}

function raise(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const { ref, name } = nameOf(scene, found)
  const more = random.oneIn(30) ? badAmount(random) : amount(random, 400, found.wallet)
  const daily = random.pick([undefined, null, 2_500, 1_000])
  const terms = termsAfter(found, more)
  return {
    text: `raise ${ref.callId} by ${more}, daily ${daily}, terms ${JSON.stringify(terms)}`,
    lane: "hold",
    realIn: ({ ledger }, tx) => ledger.raiseIn(tx, ref, more, daily, more, ...realTerms(terms)),
    predict: (books, now) =>
      holds.raise(books, model.openOf(books, name), { amount: more, daily: daily ?? null, terms }, now),
  }
}

function renew(scene: Scene): Act | null {
  const { random } = scene
  const found = someHold(scene)
  if (!found) return null
  const { ref, name } = nameOf(scene, found)
  const leaseMs = random.oneIn(30) ? badAmount(random) : random.pick(LEASES)
  return {
    text: `renew ${ref.callId} for ${leaseMs} ms`,
    lane: "settle",
    realIn: ({ ledger }, tx) => ledger.renewIn(tx, ref, leaseMs),
    predict: (books, now) => holds.renew(books, model.openOf(books, name), leaseMs, now),
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
  { name: "twoCalls", weight: 3, make: twoCalls },
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
