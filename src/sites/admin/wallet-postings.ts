// A transaction of the books as the admin's pages show it: names for ids, and which acts could follow.
import type { WalletMode } from "../../../views/admin/wallet.tsx"
import { inMode } from "../../../views/admin/wallet.tsx"
import type { PostingRow } from "../../../views/admin/wallet-postings.tsx"
import { creditsExact } from "../../../views/ui/format.ts"
import { ensure, nano, type PrincipalId, type RouteId, UserId } from "../../app/index.ts"
import type { User } from "../../identity/index.ts"
import type { EntryView, TransactionType, TransactionView } from "../../ledger/index.ts"
import { KIND_LABELS } from "../auth/index.ts"
import { actorName } from "./people.ts"
import type { AdminDeps } from "./site.ts"

const WORDS: Record<TransactionType, string> = {
  usage: "Charge",
  topup: "Credits bought",
  subscription: "Plan credits",
  daily_bonus: "Daily credits",
  coupon: "Coupon",
  bonus: "Bonus",
  referral: "Referral",
  sponsor: "Sponsored credits",
  refund: "Refund",
  adjustment: "Adjustment",
  expiry: "Expiry",
  reversal: "Reversal",
  debt: "Debt repaid",
  sale: "API plan",
  overage: "Use above an API plan",
  commission: "Commission",
  payout: "Payout",
  fee: "Fee",
}

/** What one of them is called in a sentence, where that is not its name in small letters. */
const NOUNS: Partial<Record<TransactionType, string>> = {
  topup: "purchase",
  subscription: "plan grant",
  daily_bonus: "daily claim",
  sponsor: "sponsored grant",
  debt: "debt repayment",
  sale: "sale",
  overage: "overage",
}
export const nounOf = (type: TransactionType): string => NOUNS[type] ?? WORDS[type].toLowerCase()

/** Types that touch wallets; the others are found under "All". */
export const TYPES: readonly { value: string; label: string }[] = [
  { value: "", label: "All" },
  ...Object.entries(WORDS)
    .filter(([type]) => !["commission", "payout", "fee"].includes(type))
    .map(([value, label]) => ({ value, label })),
]

const ACCOUNTS: Record<EntryView["account"], string> = {
  wallet: "Wallet",
  debt: "Debt",
  pending: "Pending earnings",
  payable: "Payable earnings",
  revenue: "Revenue",
  upstream_payable: "Upstreams",
  promo: "Promo",
  breakage: "Breakage",
  uncollected: "Uncollected",
  cash: "Cash",
  payouts: "Payouts",
  processor_fees: "Processor fees",
  tax_payable: "Tax",
  disputes: "Disputes",
  sponsor: "Sponsor pools",
  fx: "Exchange",
}

/** What may be tried; the ledger decides, with words. */
const NEVER_REVERSED: readonly TransactionType[] = ["reversal", "expiry"]

const isOf = (user: User, { owner }: EntryView): boolean => owner.kind === "principal" && owner.id === user.id

/** What it did to this person's wallet, n$. */
export const sumOf = (user: User, view: TransactionView): number =>
  view.entries.reduce(
    (total, entry) => (entry.account === "wallet" && isOf(user, entry) ? total + entry.amountNano : total),
    0,
  )

/** "Charge of 1.9 credits"; a sign only where the name leaves open which way it went. */
function titleOf({ type }: TransactionView, sum: number): string {
  const noun = nounOf(type)
  const name = noun.charAt(0).toUpperCase() + noun.slice(1)
  if (sum === 0) return name
  const isTaken = type === "usage" || type === "expiry" || type === "debt"
  return `${name} of ${creditsExact(nano(isTaken ? Math.abs(sum) : sum))}`
}

export function postingOf(deps: AdminDeps, user: User, mode: WalletMode, view: TransactionView): PostingRow {
  const isOwn = (entry: EntryView) => isOf(user, entry)
  const sum = sumOf(user, view)
  const { actor, onBehalfOf } = whoOf(deps, view)
  const path = `/admin/users/${user.publicId}/wallet/transactions/${view.transactionId}`
  // Somebody else's call, shown to its developer, is corrected in the wallet of who paid it.
  const paidByOther = view.entries.some((entry) => entry.account === "wallet" && !isOwn(entry))
  const canReverse = !paidByOther && view.reversedBy === null && !NEVER_REVERSED.includes(view.type)
  return {
    id: view.transactionId,
    atMs: view.atMs,
    type: WORDS[view.type],
    noun: nounOf(view.type),
    title: titleOf(view, sum),
    words: wordsOf(deps, view).join(" · "),
    amount: String(sum),
    actor: actorName(deps, actor),
    actorId: actor,
    onBehalfOf: onBehalfOf && actorName(deps, onBehalfOf),
    reasonLabel: view.type === "usage" ? "Model" : "Reason",
    reason: view.type === "usage" ? modelOf(deps, view.routeId) : view.reason,
    requestId: view.callId ?? view.requestId,
    key: view.key,
    hash: view.hash,
    links: [
      ...(view.reverses ? [{ label: "Reverses", id: view.reverses }] : []),
      ...(view.reversedBy ? [{ label: "Reversed by", id: view.reversedBy }] : []),
      ...(view.refundOf ? [{ label: "Refund of", id: view.refundOf }] : []),
    ],
    entries: view.entries.map((entry) => ({
      account: ACCOUNTS[entry.account],
      owner: entry.owner.kind === "platform" ? null : isOwn(entry) ? "this person" : ownerName(deps, entry.owner.id),
      lot: entry.lotId,
      amount: String(entry.amountNano),
      balanceAfter: entry.balanceAfterNano,
    })),
    refundHref:
      !paidByOther && view.type === "usage" && refundable(view) > 0 ? inMode(`${path}/refund`, mode) : undefined,
    reverseHref: canReverse ? inMode(`${path}/reversal`, mode) : undefined,
  }
}

/** A charge names its app and caller by their rows; the books themselves say "the gateway", or that recovery charged it. */
function whoOf({ identity, oauth }: AdminDeps, view: TransactionView): Pick<TransactionView, "actor" | "onBehalfOf"> {
  if (view.type !== "usage") return view
  const caller = view.callerId === null ? null : identity.userById(UserId(view.callerId))
  const person = caller && `user:${caller.publicId}`
  const app = view.clientId === null ? null : oauth.clientById(view.clientId)
  if (view.actor !== "system:gateway") return { actor: view.actor, onBehalfOf: person }
  return app ? { actor: `app:${app.publicId}`, onBehalfOf: person } : { actor: person ?? view.actor, onBehalfOf: null }
}

const ownerName = ({ identity }: AdminDeps, id: PrincipalId): string =>
  identity.userById(UserId(id))?.email ?? `principal ${id}`

/** As the caller named it. What kind of call it was may have been cleared. */
export const modelOf = ({ usage }: Pick<AdminDeps, "usage">, routeId: RouteId | null): string =>
  (routeId === null ? null : usage.routes([routeId]).get(routeId)?.requested) ?? "unknown"

/** A charge's app, kind of use and model; the reason of the others, but of those that only ride along with a call. */
export function wordsOf(deps: Pick<AdminDeps, "oauth" | "usage">, view: TransactionView): string[] {
  if (view.type === "daily_bonus" || view.type === "expiry") return []
  if (view.type !== "usage") return [view.reason]
  const app = view.clientId === null ? "Own key" : (deps.oauth.clientById(view.clientId)?.name ?? "An app")
  const scope = view.scope ? (KIND_LABELS[view.scope] ?? view.scope) : ""
  return [app, scope, modelOf(deps, view.routeId)].filter(Boolean)
}

/** What of a charge was taken from wallets and not given back, n$. */
export const refundable = (view: TransactionView): number =>
  -view.entries.reduce((sum, entry) => sum + (entry.account === "wallet" ? entry.amountNano : 0), 0) -
  view.givenBackNano

/** @throws AppError not_found also for somebody else's */
export function transactionOfUser(
  { ledger }: Pick<AdminDeps, "ledger">,
  userId: number,
  transactionId: string | undefined,
): { view: TransactionView; mode: WalletMode } {
  const view = ledger.transactionOf(transactionId ?? "")
  const isTheirs = view?.entries.some(({ owner }) => owner.kind === "principal" && owner.id === userId)
  ensure(view && isTheirs, "not_found", "This account has no such transaction.")
  return { view, mode: view.mode }
}
