// The admin's acts on a wallet over HTTP: form, confirm page where there is one, then the act and its audit row in one body. The form's
// key makes a second press the same act.
import { inMode } from "../../../views/admin/wallet.tsx"
import { AdminWalletActPage, AdminWalletConfirmPage } from "../../../views/admin/wallet-act.tsx"
import { amountJson, ensure, randomSecret } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Fields, ValuesOf } from "../../http/index.ts"
import type { LotDetail, Owner, TransactionView, Wallet } from "../../ledger/index.ts"
import type { Held } from "../../replica/index.ts"
import type { FormRoute, PageRequest } from "../base/index.ts"
import { holderOf, labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { modeOf, ownerOf } from "./wallet.ts"
import type { ActFields, Kind, Posted, Subject } from "./wallet-act.ts"
import { KINDS } from "./wallet-act-kinds.ts"
import { transactionOfUser, wordsOf } from "./wallet-postings.ts"

interface Params {
  user: string
  lot?: string
  transaction?: string
}

type Deps = Pick<AdminDeps, "ledger" | "store" | "identity" | "oauth" | "usage" | "clock" | "replica" | "payouts">

export function walletActRoutes(site: AdminSite, deps: Deps): void {
  const wallet = "/admin/users/:user/wallet"
  site.form(`${wallet}/bonus`, routeOf(deps, KINDS.bonus))
  site.form(`${wallet}/adjustment`, routeOf(deps, KINDS.adjustment))
  site.form(`${wallet}/balance`, routeOf(deps, KINDS.balance))
  site.form("/admin/users/:user/lots/:lot/void", routeOf(deps, KINDS.void))
  site.form(`${wallet}/transactions/:transaction/refund`, routeOf(deps, KINDS.refund))
  site.form(`${wallet}/transactions/:transaction/reversal`, routeOf(deps, KINDS.reversal))
}

/** Said after what was done. Money that only this disk has is lost with it. */
export const LATE: Record<Held, string> = {
  held: "",
  off: "",
  late: " It is saved on this machine; the replica does not have it yet.",
}

type ActRoute<F extends Fields> = FormRoute<PageRequest, Params, ActFields<F>, Subject>

/** An act as a form of the site. */
function routeOf<F extends Fields>(deps: Deps, kind: Kind<F>): ActRoute<F> {
  const own = kind as Kind<ActFields<F>>
  const { question } = own
  return {
    summary: kind.summary,
    load: (_, params, sent) => subjectOf(deps, params, sent("mode")),
    form: kind.form,
    present: (subject) =>
      ({ ...kind.defaults(subject), mode: subject.mode, key: randomSecret(18) }) as Partial<ValuesOf<ActFields<F>>>,
    objection: (values, subject) => (own.objection?.(values, subject) ?? null) as Record<string, string> | null,
    ...(question ? { question: (values, subject) => question(values, subject) } : {}),
    async act(page, values, subject) {
      const posted = await perform(deps, page, own, subject, values)
      const held = await deps.replica.holds()
      const result = {
        already: posted.already,
        transaction_id: posted.record.transactionId,
        ...(held === "off" ? {} : { replicated: held === "held" }),
      }
      return { to: walletPath(subject), say: own.done(values, subject, posted.record) + LATE[held], result }
    },
    show(page, form, subject, status) {
      const view = { ...form, submit: kind.label(subject), danger: kind.danger(subject) }
      const props = { ...baseOf(page, kind, subject), words: kind.words(subject), form: view }
      return page.render((frame) => AdminWalletActPage({ frame, ...props }), status)
    },
    ask(page, asked, subject) {
      const props = { ...baseOf(page, kind, subject), ...asked, reason: asked.hidden.reason ?? "" }
      return page.render((frame) => AdminWalletConfirmPage({ frame, ...props }))
    },
  }
}

/** @throws AppError not_found for what is not this person's */
function subjectOf(deps: Deps, params: Params, modeText: string): Subject {
  const user = holderOf(deps, params.user)
  const owner = ownerOf(user.id)
  const base = { user, owner, name: labelOf(user), now: deps.clock.now() }
  if (params.transaction !== undefined) {
    const { view, mode } = transactionOfUser(deps, user.id, params.transaction)
    // Of a call that somebody else paid, a developer has only a share; it is refunded where it was paid.
    const isOthers = view.entries.some((entry) => entry.account === "wallet" && entry.owner.id !== user.id)
    ensure(!isOthers, "not_found", "This wallet has no such transaction.")
    const wallet = deps.ledger.wallet(owner, mode)
    return { ...base, mode, wallet, view, about: wordsOf(deps, view), payers: payersOf(deps, owner, view) }
  }
  const mode = modeOf(modeText)
  const wallet = deps.ledger.wallet(owner, mode)
  if (params.lot === undefined) return { ...base, mode, wallet }
  const lot = deps.ledger.lotOf(owner, mode, params.lot)
  ensure(lot, "not_found", "This wallet has no such credits.")
  return { ...base, mode, wallet, lot }
}

/** The lots that a charge was taken from. */
const payersOf = ({ ledger }: Deps, owner: Owner, view: TransactionView): LotDetail[] =>
  view.entries.flatMap(({ lotId, amountNano }) =>
    lotId !== null && amountNano < 0 ? (ledger.lotOf(owner, view.mode, lotId) ?? []) : [],
  )

/** The act and its audit row, or neither. */
function perform<F extends Fields>(
  { ledger, store }: Deps,
  page: PageRequest,
  kind: Kind<ActFields<F>>,
  subject: Subject,
  values: ValuesOf<ActFields<F>>,
): Promise<Posted> {
  const { user, owner, mode } = subject
  const { reason, key } = values as { reason: string; key: string }
  return store.write(page.ctx(reason), (tx) => {
    const before = figures(ledger.walletIn(tx, owner, mode))
    const posted = kind.act(tx, ledger, values, subject, `admin:${kind.name}:${user.publicId}:${key}`)
    if (posted.already) return posted
    const after = { ...figures(ledger.walletIn(tx, owner, mode)), mode, ...posted.record }
    auditIn(tx, {
      action: `wallet.${kind.name}` as const,
      subject: user.publicId,
      before,
      after: user.id === page.session.userId ? { ...after, ownWallet: true } : after,
    })
    return posted
  })
}

const figures = ({ balanceNano, heldNano, debtNano }: Wallet) => ({
  balance: amountJson(balanceNano).credits,
  held: amountJson(heldNano).credits,
  debt: amountJson(debtNano).credits,
})

const walletPath = ({ user, mode }: Subject): string => inMode(`/admin/users/${user.publicId}/wallet`, mode)

const baseOf = <F extends Fields>(page: PageRequest, kind: Kind<F>, subject: Subject) => ({
  title: kind.title(subject),
  user: { id: subject.user.publicId, label: subject.name },
  isOwn: subject.user.id === page.session.userId,
  cancelHref: walletPath(subject),
})
