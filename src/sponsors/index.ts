// The door of `sponsors`: pools of developers that pay for their people's first calls. A pool is a wallet of its own; who is paid for, and how much,
// is decided in the very write that holds. Nobody earns by a call that a pool pays for (README of the ledger, DECISIONS).
import { AppError, amountJson, type ClientId, ensure, type Nano, nano, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { openPoolIn } from "../identity/index.ts"
import { principal } from "../ledger/index.ts"
import type { Client } from "../oauth/index.ts"
import type { Tx } from "../store/index.ts"
import { SPONSOR_LIMITS as L } from "./limits.ts"
import { giveBack, keyOf, returnDue } from "./return.ts"
import * as rows from "./store.ts"
import type { MovePool, Offer, Pool, PoolRef, SetPool, SponsoredCaller, Sponsors, SponsorsDeps } from "./types.ts"

export { sponsorsPart } from "./part.ts"
export type * from "./types.ts"

export function createSponsors(deps: SponsorsDeps): Sponsors {
  const { read } = deps.store
  return {
    poolOf(ref) {
      const client = ownApp(deps, ref)
      const row = rows.poolOfDeveloper(read, client.id, ref.developerId)
      return row && poolFrom(deps, row)
    },
    setIn: (tx, input) => setIn(deps, tx, input),
    fundIn: (tx, input) => fundIn(deps, tx, input),
    takeBackIn: (tx, input) => takeBackIn(deps, tx, input),
    payerIn(tx, caller) {
      const row = livePool(rows.poolFor(tx, caller.clientId), caller)
      if (!row || deps.ledger.owesIn(tx, principal(row.developerId), row.mode)) return null
      const owner = principal(row.principalId)
      const roomNano = roomIn(deps, tx, row, caller.userId)
      return roomNano === 0 ? null : { owner, roomNano }
    },
    roomIn(tx, owner, caller) {
      const row = rows.poolFor(tx, caller.clientId).find(({ principalId }) => principalId === owner.id)
      return row ? roomIn(deps, tx, row, caller.userId) : nano(0)
    },
    offerFor: (clientId, userId) => offerFor(deps, clientId, userId),
    returnDue: (ctx, most) => returnDue(deps, ctx, most),
    eraseIn(tx, developerId) {
      return rows.poolsOfDeveloper(tx, developerId).filter((row) => giveBack(deps, tx, row) > 0).length
    },
    poolsAfter: (after, most) => rows.poolsAfter(read, after, most).map((row) => poolFrom(deps, row)),
    leftIn: (tx, developerId) =>
      rows.poolsOfDeveloper(tx, developerId).some(({ principalId, mode }) => {
        if (mode !== "live") return false
        const { balanceNano, heldNano } = deps.ledger.walletIn(tx, principal(principalId), mode)
        return balanceNano > 0 || heldNano > 0
      }),
    leftOf: (developerId) =>
      nano(
        rows
          .poolsOfDeveloper(read, developerId)
          .filter(({ mode }) => mode === "live")
          .reduce((sum, row) => sum + deps.ledger.paidSpendableOf(principal(row.principalId), row.mode), 0),
      ),
  }
}

/** Another developer's app is not there. */
function ownApp({ oauth }: Pick<SponsorsDeps, "oauth">, { developerId, clientPublicId }: PoolRef): Client {
  const client = oauth.clientByPublicId(clientPublicId)
  ensure(client && client.ownerId === developerId && client.removedMs === null, "not_found", "You have no such app.")
  return client
}

/** That of the developer who has the app now, as the token says, while it is on. */
const livePool = (pools: rows.PoolRow[], { developerId, mode }: Omit<SponsoredCaller, "clientId" | "userId">) =>
  pools.find((row) => row.developerId === developerId && row.mode === mode && row.isOn === 1) ?? null

/** What is left for one person: of their part, and of the pool. Calls that run count with all that they hold. */
function roomIn({ ledger }: SponsorsDeps, tx: Tx, row: rows.PoolRow, userId: UserId): Nano {
  const owner = principal(row.principalId)
  const { usedNano, heldNano } = ledger.callerUseIn(tx, owner, row.mode, userId)
  const ofPerson = row.capNano - usedNano - heldNano
  return nano(Math.max(0, Math.min(ofPerson, ledger.paidSpendableIn(tx, owner, row.mode))))
}

function offerFor({ store, oauth, ledger }: SponsorsDeps, clientId: ClientId, userId: UserId): Offer | null {
  const client = oauth.clientById(clientId)
  if (!client || client.ownerId === null || client.suspendedMs !== null) return null
  const row = livePool(rows.poolFor(store.read, clientId), { developerId: client.ownerId, mode: client.mode })
  if (!row || ledger.wallet(principal(row.developerId), row.mode).debtNano > 0) return null
  const owner = principal(row.principalId)
  const { usedNano, heldNano } = ledger.callerUseOf(owner, row.mode, userId)
  const leftNano = Math.min(row.capNano - usedNano - heldNano, ledger.paidSpendableOf(owner, row.mode))
  return leftNano <= 0 ? null : { capNano: row.capNano, leftNano: nano(leftNano) }
}

function poolFrom({ ledger }: SponsorsDeps, row: rows.PoolRow): Pool {
  const owner = principal(row.principalId)
  const { clientId, developerId, mode, capNano } = row
  const { spendableNano, heldNano } = ledger.wallet(owner, mode)
  return {
    owner,
    clientId,
    developerId,
    mode,
    capNano,
    isOn: row.isOn === 1,
    leftNano: spendableNano,
    heldNano,
    ...ledger.usedByOthers(owner, mode),
  }
}

function setIn(deps: SponsorsDeps, tx: Tx, { capNano, isOn, ...ref }: SetPool): void {
  deps.identity.requireActiveIn(tx, ref.developerId)
  const client = ownApp(deps, ref)
  if (capNano < L.capLeastNano || capNano > L.capMostNano) {
    const problem = `Enter from ${amountJson(L.capLeastNano).credits} to ${amountJson(L.capMostNano).credits} credits.`
    throw new AppError("validation_failed", problem, { formErrors: { capNano: problem } })
  }
  const before = rows.poolOfDeveloper(tx, client.id, ref.developerId)
  const after = { capNano, isOn: isOn ? (1 as const) : (0 as const) }
  if (before) rows.updatePool(tx, before.principalId, after)
  else {
    const { developerId } = ref
    rows.insertPool(tx, { principalId: openPoolIn(tx), clientId: client.id, developerId, mode: client.mode, ...after })
  }
  const summary = (row: Pick<rows.PoolRow, "capNano" | "isOn">) => ({ cap: row.capNano, on: row.isOn === 1 })
  auditIn(tx, {
    action: "pool.changed",
    subject: client.publicId,
    before: before && summary(before),
    after: summary(after),
  })
}

function movedIn(deps: SponsorsDeps, tx: Tx, { amountNano, ...ref }: MovePool): { client: Client; row: rows.PoolRow } {
  deps.identity.requireActiveIn(tx, ref.developerId)
  const client = ownApp(deps, ref)
  const row = rows.poolOfDeveloper(tx, client.id, ref.developerId)
  ensure(row, "conflict", "Say first what it pays for each person.")
  if (amountNano <= 0 || amountNano > L.moveMostNano) {
    const problem = `Enter an amount up to ${amountJson(L.moveMostNano).credits} credits.`
    throw new AppError("validation_failed", problem, { formErrors: { amountNano: problem } })
  }
  return { client, row }
}

function fundIn(deps: SponsorsDeps, tx: Tx, input: MovePool): void {
  const { client, row } = movedIn(deps, tx, input)
  const [to, { mode, developerId }, { amountNano }] = [principal(row.principalId), row, input]
  const key = keyOf("sponsor", row, input.key)
  if (mode === "test") {
    // Test credits are no money: nobody has to buy them for a pool that is tried.
    const left = deps.ledger.paidSpendableIn(tx, to, mode)
    if (left + amountNano > L.testMostNano) {
      const problem = `A pool in test mode has ${amountJson(L.testMostNano).credits} credits at most.`
      throw new AppError("validation_failed", problem, { formErrors: { amountNano: problem } })
    }
    deps.ledger.grantIn(tx, { owner: to, mode, type: "sponsor", bucket: "sponsored", paid: true, amountNano, key })
  } else deps.ledger.fundPoolIn(tx, { from: principal(developerId), to, mode, amountNano, key })
  auditIn(tx, { action: "pool.funded", subject: client.publicId, after: { nano: amountNano } })
}

function takeBackIn(deps: SponsorsDeps, tx: Tx, input: MovePool): void {
  const { client, row } = movedIn(deps, tx, input)
  const { mode, developerId } = row
  deps.ledger.takeBackPoolIn(tx, {
    from: principal(row.principalId),
    to: principal(developerId),
    mode,
    amountNano: input.amountNano,
    key: keyOf("unsponsor", row, input.key),
  })
  auditIn(tx, { action: "pool.taken_back", subject: client.publicId, after: { nano: input.amountNano } })
}
