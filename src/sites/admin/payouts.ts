// /admin/payouts: what developers and publishers asked for, by what it waits for; one of them, and what an operator does with it.
import {
  AdminPayoutActPage,
  AdminPayoutPage,
  AdminPayoutsPage,
  type PayoutActName,
} from "../../../views/admin/payouts.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure, UserId } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { type OrderShown, type OrderState, PAYOUT_LIMITS } from "../../payouts/index.ts"
import type { Tx } from "../../store/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { payoutDetail, payoutRow } from "../portal/index.ts"
import { payoutApprovalRoutes } from "./payout-approvals.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "payouts" | "store" | "clock" | "identity" | "developers" | "web">

const LIST = "/admin/payouts"
const STATES: readonly OrderState[] = ["requested", "approved", "paid", "failed", "rejected", "withdrawn"]

const WHY = field.text({
  name: "because",
  label: "Why",
  help: "Its developer reads it.",
  missing: "Say why: its developer reads it.",
  max: 500,
  autocomplete: "off",
})
const APPROVE = form({ reason: field.reason() }, { submit: "Approve" })
const REJECT = form({ because: WHY, reason: field.reason() }, { submit: "Refuse", danger: true })
const FAIL = form({ because: WHY, reason: field.reason() }, { submit: "It came back", danger: true })
export const PAID_REFERENCE = field.text({
  label: "Reference",
  help: "Of the payment, as your bank has it. Its developer reads it.",
  missing: "Give the payment’s reference.",
  max: PAYOUT_LIMITS.referenceChars,
  autocomplete: "off",
})
const PAY = form({ reference: PAID_REFERENCE, reason: field.reason() }, { submit: "Mark as paid" })

export function payoutsRoutes(site: AdminSite, deps: Deps): void {
  site.get(LIST, (page) => listPage(deps, page))
  site.get(`${LIST}/:payout`, (page, params) => {
    const order = loadOf(deps)(page, params)
    const whose = whoseOf(deps, order)
    const props = { now: deps.clock.now(), payout: payoutDetail(order), owes: owesOf(deps, order) }
    return page.render((frame) => AdminPayoutPage({ frame, ...props, ...whose }))
  })
  payoutApprovalRoutes(site, deps)
  beforeRoutes(site, deps)
  afterRoutes(site, deps)
}

const base = (deps: Deps, act: PayoutActName) => ({
  load: loadOf(deps),
  show(page: PageRequest, form: FormView, order: OrderShown, status: Status) {
    const props = { act, payout: payoutDetail(order), who: whoseOf(deps, order).who, form }
    return page.render((frame) => AdminPayoutActPage({ frame, ...props }), status)
  },
})

async function done(
  { store }: Deps,
  page: PageRequest,
  reason: string,
  what: { of: OrderShown; say: string; act(tx: Tx): unknown },
) {
  await store.write(page.ctx(reason), what.act)
  return { to: `${LIST}/${what.of.publicId}`, say: what.say }
}

/** What is decided before money leaves. */
function beforeRoutes(site: AdminSite, deps: Deps): void {
  const { payouts } = deps
  site.form(`${LIST}/:payout/approval`, {
    ...base(deps, "approval"),
    summary: "Approve a payout",
    form: APPROVE,
    fresh: true,
    act: (page, { reason }, of) =>
      done(deps, page, reason, {
        of,
        say: "Approved. Put it into a file for the bank, or pay it by hand.",
        act: (tx) => payouts.approveIn(tx, of.publicId),
      }),
  })
  site.form(`${LIST}/:payout/rejection`, {
    ...base(deps, "rejection"),
    summary: "Refuse a payout",
    form: REJECT,
    act: (page, { reason, because }, of) =>
      done(deps, page, reason, {
        of,
        say: "Refused. The money is its developer’s again.",
        act: (tx) => payouts.rejectIn(tx, { publicId: of.publicId, because }),
      }),
  })
}

/** What came of it. */
function afterRoutes(site: AdminSite, deps: Deps): void {
  const { payouts } = deps
  site.form(`${LIST}/:payout/payment`, {
    ...base(deps, "payment"),
    summary: "Mark a payout as paid",
    form: PAY,
    act: (page, { reason, reference }, of) =>
      done(deps, page, reason, {
        of,
        say: "Paid. Its developer gets a mail.",
        act: (tx) => payouts.payIn(tx, { publicId: of.publicId, reference }),
      }),
  })
  site.form(`${LIST}/:payout/failure`, {
    ...base(deps, "failure"),
    summary: "Mark a payout as failed",
    form: FAIL,
    act: (page, { reason, because }, of) =>
      done(deps, page, reason, {
        of,
        say: "It came back. The money is its developer’s again.",
        act: (tx) => payouts.failIn(tx, { publicId: of.publicId, because }),
      }),
  })
}

const loadOf =
  ({ payouts }: Deps) =>
  (_: unknown, { payout }: { payout: string }): OrderShown => {
    const order = payouts.order(payout)
    ensure(order, "not_found", "There is no such payout. They are listed under Payouts.")
    return order
  }

/** Its developer, as the admin’s pages name them. */
export function whoseOf({ payouts }: Pick<Deps, "payouts">, { ownerId }: Pick<OrderShown, "ownerId">) {
  const user = payouts.payeeById(UserId(ownerId))
  return {
    who: user ? labelOf(user) : "Somebody who left",
    whoHref: user ? `/admin/users/${user.publicId}/payouts` : null,
    held: payouts.holdOf(UserId(ownerId))?.reason ?? null,
  }
}

/** What refunds since they asked left them owing; 0 = nothing. */
const owesOf = ({ payouts }: Deps, { ownerId }: OrderShown) => {
  const { payableNano } = payouts.earningsOf(UserId(ownerId))
  return payableNano < 0 ? payableNano : null
}

function listPage(deps: Deps, page: PageRequest): Response {
  const { payouts, clock } = deps
  const query = new URL(page.request.url).searchParams
  const state = STATES.find((one) => one === query.get("state")) ?? "requested"
  const asked = /^\d{1,15}$/.exec(query.get("from") ?? "")?.[0]
  const found = payouts.ordersIn(state, asked === undefined ? null : Number(asked))
  const rows = found.slice(0, PAYOUT_LIMITS.rows)
  const path = `${LIST}?state=${state}`
  const props = {
    now: clock.now(),
    state,
    counts: Object.fromEntries(payouts.counts()),
    rows: rows.map((order) => ({ ...payoutRow(order), ...whoseOf(deps, order) })),
    held: payouts.held().map(({ ownerId, reason, heldMs }) => ({ ...whoseOf(deps, { ownerId }), reason, heldMs })),
    documents: payouts.checksWaiting().flatMap(({ ownerId, askedMs }) => {
      const { who, whoHref } = whoseOf(deps, { ownerId })
      return whoHref === null ? [] : [{ who, href: `${whoHref}/documents`, atMs: askedMs }]
    }),
    firstHref: asked === undefined ? undefined : path,
    nextHref: found.length > rows.length ? `${path}&from=${rows.at(-1)!.id}` : undefined,
  }
  return page.render((frame) => AdminPayoutsPage({ frame, ...props }))
}
