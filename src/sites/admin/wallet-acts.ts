// The admin's acts on a wallet over HTTP: form, confirm page where there is one, then the act and its audit row in one body. The form's
// key makes a second press the same act.
import { Elysia } from "elysia"
import { inMode } from "../../../views/admin/wallet.tsx"
import { AdminWalletActPage, AdminWalletConfirmPage } from "../../../views/admin/wallet-act.tsx"
import { AppError, amountJson, ensure, randomSecret } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { LotDetail, Owner, TransactionView, Wallet } from "../../ledger/index.ts"
import type { Visit } from "../console/index.ts"
import { labelOf, userOf } from "./people.ts"
import { type AdminDeps, asAdmin } from "./site.ts"
import { modeOf, ownerOf } from "./wallet.ts"
import type { Kind, Planned, Question, Subject } from "./wallet-act.ts"
import { KINDS } from "./wallet-act-kinds.ts"
import { transactionOfUser, wordsOf } from "./wallet-postings.ts"

type Params = Record<string, string>

const ROUTES: readonly [path: string, kind: Kind][] = [
  ["/admin/users/:id/wallet/bonus", KINDS.bonus],
  ["/admin/users/:id/wallet/adjustment", KINDS.adjustment],
  ["/admin/users/:id/wallet/balance", KINDS.balance],
  ["/admin/users/:id/lots/:lot/void", KINDS.void],
  ["/admin/users/:id/wallet/transactions/:transaction/refund", KINDS.refund],
  ["/admin/users/:id/wallet/transactions/:transaction/reversal", KINDS.reversal],
]

export function adminWalletActRoutes(deps: AdminDeps) {
  const routes = new Elysia()
  for (const [path, kind] of ROUTES) {
    routes.get(
      path,
      asAdmin(deps, (visit, params) => {
        const subject = subjectOf(deps, params, new URL(visit.request.url).searchParams.get("mode"))
        return formPage(visit, kind, subject, { values: kind.defaults(subject), key: randomSecret(18) })
      }),
    )
    routes.post(
      path,
      asAdmin(deps, (visit, params) => submitted(deps, visit, kind, params)),
      { parse: "none" },
    )
  }
  return routes
}

/** @throws AppError not_found for what is not this person's */
function subjectOf(deps: AdminDeps, params: Params, modeText: string | null): Subject {
  const user = userOf(deps, params.id)
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
const payersOf = ({ ledger }: AdminDeps, owner: Owner, view: TransactionView): LotDetail[] =>
  view.entries.flatMap(({ lotId, amountNano }) =>
    lotId !== null && amountNano < 0 ? (ledger.lotOf(owner, view.mode, lotId) ?? []) : [],
  )

interface Typed {
  values: Record<string, string>
  key: string
  errors?: Record<string, string>
}

async function submitted(deps: AdminDeps, visit: Visit, kind: Kind, params: Params): Promise<Response> {
  const form = await deps.web.form(visit.request)
  const subject = subjectOf(deps, params, form.get("mode"))
  const names = [...kind.fields(subject).map((field) => field.name), "reason"]
  const values = Object.fromEntries(names.map((name) => [name, form.get(name)]))
  const sent = form.get("key")
  const key = /^[\w-]{20,64}$/.test(sent) ? sent : randomSecret(18)
  const again = (errors: Record<string, string>) => formPage(visit, kind, subject, { values, key, errors })

  const isSure = form.get("confirmed") === "1"
  const read = kind.read(deps.ledger, subject, values, isSure)
  const errors = "errors" in read ? { ...read.errors } : {}
  if (!values.reason) errors.reason = "Give a reason, in a few words."
  if ((values.reason ?? "").length > 500) errors.reason = "Keep the reason within 500 characters."
  if (!("plan" in read) || errors.reason !== undefined) return again(errors)
  const { question } = read.plan
  if (question && !isSure) return confirmPage(visit, kind, subject, question, values, key)
  try {
    await perform(deps, visit, kind, subject, read.plan, values.reason ?? "", key)
    return deps.web.back(walletPath(subject), { kind: "ok", text: read.plan.done })
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return again({ form: error.message })
  }
}

/** The act and its audit row, or neither. */
function perform(
  deps: AdminDeps,
  visit: Visit,
  kind: Kind,
  subject: Subject,
  plan: Planned,
  reason: string,
  formKey: string,
): Promise<void> {
  const { ledger, store } = deps
  const { user, owner, mode } = subject
  return store.write(visit.ctx(reason), (tx) => {
    const before = figures(ledger.walletIn(tx, owner, mode))
    const { already, record } = plan.act(tx, `admin:${kind.name}:${user.publicId}:${formKey}`)
    if (already) return
    const after = { ...figures(ledger.walletIn(tx, owner, mode)), mode, ...record }
    auditIn(tx, {
      action: `wallet.${kind.name}`,
      subject: user.publicId,
      before,
      after: user.id === visit.session.userId ? { ...after, ownWallet: true } : after,
    })
  })
}

const figures = ({ balanceNano, heldNano, debtNano }: Wallet) => ({
  balance: amountJson(balanceNano).credits,
  held: amountJson(heldNano).credits,
  debt: amountJson(debtNano).credits,
})

const walletPath = ({ user, mode }: Subject): string => inMode(`/admin/users/${user.publicId}/wallet`, mode)

const baseOf = (visit: Visit, subject: Subject) => ({
  user: { id: subject.user.publicId, label: subject.name },
  isOwn: subject.user.id === visit.session.userId,
  action: new URL(visit.request.url).pathname,
  cancelHref: walletPath(subject),
})

function formPage(visit: Visit, kind: Kind, subject: Subject, { values, key, errors }: Typed): Response {
  const fields = [
    ...kind.fields(subject),
    { name: "reason", label: "Reason", help: "Kept in the books and in the audit log." },
  ]
  const props = {
    ...baseOf(visit, subject),
    ...{
      title: kind.title(subject),
      words: kind.words(subject),
      label: kind.label(subject),
      danger: kind.danger(subject),
    },
    ...{ fields, values, errors, hidden: { mode: subject.mode, key } },
  }
  return visit.page((frame) => AdminWalletActPage({ frame, ...props }), { status: errors ? 422 : 200 })
}

function confirmPage(
  visit: Visit,
  kind: Kind,
  subject: Subject,
  question: Question,
  values: Record<string, string>,
  key: string,
): Response {
  const props = {
    ...baseOf(visit, subject),
    ...{ title: kind.title(subject), ...question, reason: values.reason ?? "" },
    hidden: { ...values, mode: subject.mode, key, confirmed: "1" },
  }
  return visit.page((frame) => AdminWalletConfirmPage({ frame, ...props }))
}
