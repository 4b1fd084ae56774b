// A transaction of the books as the admin's pages show it: names for ids, and which acts could follow.
import type { WalletMode } from "../../views/admin/wallet.tsx"
import { inMode } from "../../views/admin/wallet.tsx"
import type { PostingRow } from "../../views/admin/wallet-postings.tsx"
import { ensure } from "../app/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { User } from "../identity/index.ts"
import type { EntryView, TransactionType, TransactionView } from "../ledger/index.ts"
import { actorName } from "./people.ts"
import type { AdminDeps } from "./site.ts"

const WORDS: Record<TransactionType, string> = {
  ...{ usage: "Charge", topup: "Credits bought", subscription: "Plan credits", daily_bonus: "Daily credits" },
  ...{ coupon: "Coupon", bonus: "Bonus", referral: "Referral", sponsor: "Sponsored credits", refund: "Refund" },
  ...{ adjustment: "Adjustment", expiry: "Expiry", reversal: "Reversal", debt: "Debt repaid", sale: "API plan" },
  ...{ overage: "Use above an API plan", commission: "Commission", payout: "Payout", fee: "Fee" },
}

/** Types that touch wallets; the others are found under "All". */
export const TYPES: readonly { value: string; label: string }[] = [
  { value: "", label: "All" },
  ...Object.entries(WORDS)
    .filter(([type]) => !["commission", "payout", "fee"].includes(type))
    .map(([value, label]) => ({ value, label })),
]

const ACCOUNTS: Record<EntryView["account"], string> = {
  ...{ wallet: "Wallet", debt: "Debt", pending: "Pending earnings", payable: "Payable earnings", revenue: "Revenue" },
  ...{ upstream_payable: "Upstreams", promo: "Promo", breakage: "Breakage", uncollected: "Uncollected", cash: "Cash" },
  ...{ payouts: "Payouts", processor_fees: "Processor fees", tax_payable: "Tax", disputes: "Disputes" },
  ...{ sponsor: "Sponsor pools", fx: "Exchange" },
}

/** What may be tried; the ledger decides, with words. */
const NEVER_REVERSED: readonly TransactionType[] = ["reversal", "expiry"]

export function postingOf(deps: AdminDeps, user: User, mode: WalletMode, view: TransactionView): PostingRow {
  const isOwn = (entry: EntryView) => entry.owner.kind === "principal" && entry.owner.id === user.id
  const sum = view.entries.reduce(
    (total, entry) => (entry.account === "wallet" && isOwn(entry) ? total + entry.amountNano : total),
    0,
  )
  const path = `/admin/users/${user.publicId}/wallet/transactions/${view.transactionId}`
  // Somebody else's call, shown to its developer, is corrected in the wallet of who paid it.
  const paidByOther = view.entries.some((entry) => entry.account === "wallet" && !isOwn(entry))
  const canReverse = !paidByOther && view.reversedBy === null && !NEVER_REVERSED.includes(view.type)
  return {
    ...{ id: view.transactionId, atMs: view.atMs, type: WORDS[view.type], words: wordsOf(deps, view) },
    amount: String(sum),
    ...{ actor: actorName(deps, view.actor), actorId: view.actor, onBehalfOf: view.onBehalfOf },
    ...{ reason: view.reason, requestId: view.callId ?? view.requestId, key: view.key, hash: view.hash },
    links: [
      ...(view.reverses ? [{ label: "Reverses", id: view.reverses }] : []),
      ...(view.reversedBy ? [{ label: "Reversed by", id: view.reversedBy }] : []),
      ...(view.refundOf ? [{ label: "Refund of", id: view.refundOf }] : []),
    ],
    entries: view.entries.map((entry) => ({
      account: ACCOUNTS[entry.account],
      owner: entry.owner.kind === "platform" ? null : isOwn(entry) ? "this person" : ownerName(deps, entry.owner.id),
      ...{ lot: entry.lotId, amount: String(entry.amountNano), balanceAfter: entry.balanceAfterNano },
    })),
    refundHref:
      !paidByOther && view.type === "usage" && refundable(view) > 0 ? inMode(`${path}/refund`, mode) : undefined,
    reverseHref: canReverse ? inMode(`${path}/reversal`, mode) : undefined,
  }
}

const ownerName = ({ identity }: AdminDeps, id: number): string => identity.userById(id)?.email ?? `principal ${id}`

function wordsOf({ oauth }: AdminDeps, view: TransactionView): string {
  if (view.type !== "usage") return view.reason
  const app = view.clientId === null ? "Own key" : (oauth.clientById(view.clientId)?.name ?? "An app")
  return [app, view.scope && (SCOPE_LABELS[view.scope] ?? view.scope), view.reason].filter(Boolean).join(" · ")
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
