// /admin/users/:id/wallet: a person's lots, holds and transactions as they are booked, by key. Reads only.
import { AdminUsedLotsPage, AdminWalletPage, type WalletLotRow, type WalletMode } from "../../../views/admin/wallet.tsx"
import { AdminTransactionPage } from "../../../views/admin/wallet-transaction.tsx"
import { dateText } from "../../../views/ui/format.ts"
import { withQuery } from "../../../views/ui/index.ts"
import { creditsDecimal, LIMITS, nano, type UserId } from "../../app/index.ts"
import {
  type LotDetail,
  type Owner,
  principal,
  type TransactionType,
  type TransactionView,
} from "../../ledger/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { PageRequest } from "../base/index.ts"
import { creditsCsv, readFilter } from "../console/index.ts"
import { holderOf, labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { modelOf, postingOf, TYPES, transactionOfUser } from "./wallet-postings.ts"

const ROWS = LIMITS.historyPageRows

export function walletRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get("/admin/users/:user/wallet", (page, { user }) => wallet(deps, page, user))
  site.get("/admin/users/:user/wallet/used", (page, { user }) => usedLots(deps, page, user))
  site.get("/admin/users/:user/wallet.csv", (_, { user }) => csv(deps, user))
  site.get("/admin/users/:user/wallet/transactions/:transaction", (page, { user, transaction }) =>
    alone(deps, page, user, transaction),
  )
}

export const modeOf = (text: string | null): WalletMode => (text === "test" ? "test" : "live")
export const ownerOf = (userId: UserId): Owner => principal(userId)
const bucketLabel = (bucket: string): string => (bucket.charAt(0).toUpperCase() + bucket.slice(1)).replaceAll("_", " ")

function wallet(deps: AdminDeps, page: PageRequest, id: string): Response {
  const user = holderOf(deps, id)
  const owner = ownerOf(user.id)
  const params = new URL(page.request.url).searchParams
  const mode = modeOf(params.get("mode"))
  const type = TYPES.find((each) => each.value === params.get("type"))?.value ?? ""
  const found = transactions(deps, owner, mode, type, params.get("before") ?? undefined)
  const shown = found.slice(0, ROWS)
  const path = `/admin/users/${user.publicId}/wallet`
  const query = { mode: mode === "test" ? mode : undefined, type }
  const figures = deps.ledger.wallet(owner, mode)
  const details = deps.ledger.lotsOf(owner, mode, { limit: 200 })
  const order = new Map(figures.lots.map((lot, index) => [lot.publicId, index]))
  const last = Number.MAX_SAFE_INTEGER
  const lots = details.sort((a, b) => (order.get(a.publicId) ?? last) - (order.get(b.publicId) ?? last))
  const props = {
    now: deps.clock.now(),
    user: { id: user.publicId, label: labelOf(user) },
    isDeveloper: deps.developers.developerOf(user.id) !== null,
    isOwn: user.id === page.session.userId,
    mode,
    type,
    balance: nano(figures.balanceNano + figures.heldNano),
    held: figures.heldNano,
    spendable: figures.spendableNano,
    debt: figures.debtNano,
    types: TYPES,
    lots: lots.slice(0, ROWS).map(lotRow),
    moreLots: lots.length > ROWS,
    holds: deps.ledger.holdsOf(owner, mode).map((hold) => ({
      callId: hold.callId,
      model: modelOf(deps, hold.routeId),
      amount: hold.amountNano,
      stage: hold.stage,
      createdMs: hold.createdMs,
      leaseUntilMs: hold.leaseUntilMs,
      app: (hold.clientId === null ? null : deps.oauth.clientById(hold.clientId)?.name) ?? "Own key",
    })),
    postings: shown.map((view) => postingOf(deps, user, mode, view)),
    csvHref: mode === "live" && type === "" && shown.length > 0 ? `${path}.csv` : undefined,
    newerHref: params.has("before") ? `${withQuery(path, query)}#postings` : undefined,
    olderHref:
      found.length > ROWS
        ? `${withQuery(path, { ...query, before: shown.at(-1)?.transactionId })}#postings`
        : undefined,
  }
  return page.render((frame) => AdminWalletPage({ frame, ...props }))
}

/** Live credits, all of the history, as the person's own download has it. */
function csv(deps: AdminDeps, id: string): Response {
  const user = holderOf(deps, id)
  const apps = deps.usage.clientsOf(user.id).flatMap((client) => deps.oauth.clientById(client) ?? [])
  const everything = readFilter(new URLSearchParams(), deps.clock.now())
  return creditsCsv(deps, { holder: { id: user.id } }, everything, apps)
}

/** One more than a page when there is more. All accounts of the owner, or the wallet's own of one type. */
function transactions(
  { ledger }: AdminDeps,
  owner: Owner,
  mode: WalletMode,
  type: string,
  beforeId: string | undefined,
): TransactionView[] {
  const part = { limit: ROWS + 1, ...(beforeId === undefined ? {} : { beforeId }) }
  if (type === "") return ledger.transactionsOf(owner, mode, part)
  return ledger
    .history(owner, mode, { ...part, types: [type as TransactionType] })
    .flatMap((row) => ledger.transactionOf(row.transactionId) ?? [])
}

function usedLots(deps: AdminDeps, page: PageRequest, id: string): Response {
  const user = holderOf(deps, id)
  const params = new URL(page.request.url).searchParams
  const mode = modeOf(params.get("mode"))
  const before = params.get("before") ?? undefined
  const part = { dead: true, limit: ROWS + 1, ...(before === undefined ? {} : { beforeId: before }) }
  const found = deps.ledger.lotsOf(ownerOf(user.id), mode, part)
  const looked = found.slice(0, ROWS)
  const path = `/admin/users/${user.publicId}/wallet/used`
  const query = { mode: mode === "test" ? mode : undefined }
  const props = {
    now: deps.clock.now(),
    user: { id: user.publicId, label: labelOf(user) },
    mode,
    lots: looked.filter((lot) => lot.remainingNano === 0).map(lotRow),
    newerHref: before === undefined ? undefined : withQuery(path, query),
    olderHref: found.length > ROWS ? withQuery(path, { ...query, before: looked.at(-1)?.publicId }) : undefined,
  }
  return page.render((frame) => AdminUsedLotsPage({ frame, ...props }))
}

/** A transaction by its reference: the page of the wallet that begins with it. */
function alone(deps: AdminDeps, page: PageRequest, id: string, transactionId: string): Response {
  const user = holderOf(deps, id)
  const { view, mode } = transactionOfUser(deps, user.id, transactionId)
  const posting = postingOf(deps, user, mode, view)
  const props = { user: { id: user.publicId, label: labelOf(user) }, mode, posting }
  return page.render((frame) => AdminTransactionPage({ frame, ...props }))
}

function lotRow(lot: LotDetail): WalletLotRow {
  const { rollover } = lot
  return {
    id: lot.publicId,
    bucket: bucketLabel(lot.bucket),
    paid: lot.paid,
    granted: lot.grantedNano,
    remaining: lot.remainingNano,
    held: lot.heldNano,
    consumed: lot.consumedNano,
    expired: lot.expiredNano,
    voided: lot.voidedNano,
    clawed: lot.clawedNano,
    createdMs: lot.createdMs,
    effectiveMs: lot.effectiveMs,
    expiresMs: lot.expiresMs,
    rolledFrom: lot.rolledFrom,
    frozen: lot.frozen,
    only: lot.restriction === null ? null : (SCOPE_LABELS[lot.restriction] ?? lot.restriction),
    rollover:
      rollover && lot.expiresMs !== null
        ? `Up to ${creditsDecimal(nano(rollover.maxNano))} roll over, until ${dateText(lot.expiresMs + rollover.lifetimeMs)}`
        : null,
  }
}
