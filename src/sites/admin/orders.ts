// /admin/orders: what people paid and what of it went back; refund a payment whole or in part, give frozen credits free.
import { AdminOrderPage, type AdminOrderProps, AdminRefundPage, type EffectRow } from "../../../views/admin/order.tsx"
import { AdminOrdersPage, orderPathOf } from "../../../views/admin/orders.tsx"
import { ensure, LIMITS, randomSecret, type UserId, usdDecimal } from "../../app/index.ts"
import type { Dispute, Holdback, PaymentFilter, PaymentRow, PaymentStory } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "billing" | "identity" | "store" | "clock">

const LIST = "/admin/orders"
const ROWS = LIMITS.historyPageRows
const TEXT_CHARS_MAX = 200
const FILTERS: readonly PaymentFilter[] = ["paid", "unpaid", "refunded", "disputed"]

const REFUND_FORM = form(
  {
    amountNano: field.dollars({
      name: "amount",
      label: "Amount",
      optional: true,
      help: "Leave it empty for all that is left.",
    }),
    reason: field.reason(),
    key: field.formKey(),
  },
  { submit: "Refund", danger: true },
)

export function orderRoutes(site: AdminSite, deps: Deps): void {
  site.get(LIST, (page) => list(deps, page))
  site.get("/admin/orders/:payment", (page, { payment }) => {
    const props = orderProps(deps, storyOf(deps, payment))
    return page.render((frame) => AdminOrderPage({ frame, ...props }))
  })
  refundRoute(site, deps)
  site.post("/admin/orders/:payment/disputes/:dispute/release", {
    summary: "Release credits that a dispute has frozen",
    load: (_, params: { payment: string; dispute: string }) => disputeOf(deps, params),
    form: button("Release"),
    async act(page, _, { story, dispute }) {
      const ctx = page.ctx("release frozen credits")
      await deps.store.write(ctx, (tx) => deps.billing.refunds.releaseIn(tx, dispute.publicId))
      return { to: orderPathOf(story.payment.id), say: "The credits can be spent again." }
    },
    back: ({ story }) => orderPathOf(story.payment.id),
  })
}

const SAID = {
  asked: "The refund is asked for. The payment service has not answered yet; it is asked again by itself.",
  refused: "The payment service refused the refund.",
  pending: "The refund is on its way.",
  succeeded: "The money goes back.",
  failed: "The refund failed.",
  canceled: "The refund was called off.",
} as const

function refundRoute(site: AdminSite, deps: Deps): void {
  site.form("/admin/orders/:payment/refund", {
    summary: "Refund a payment, whole or in part",
    load: (_, { payment }: { payment: string }) => storyOf(deps, payment),
    form: REFUND_FORM,
    present: () => ({ key: randomSecret(18) }),
    async act(page, { amountNano, reason, key }, { payment }) {
      const input = { paymentKey: payment.key, amountNano: amountNano ?? null, reason, key }
      const made = await deps.billing.refunds.refund(page.ctx(reason), input)
      const say =
        made.note === null || made.state === "succeeded" ? SAID[made.state] : `${SAID[made.state]} ${made.note}`
      return { to: orderPathOf(payment.id), say, result: { refund: made.publicId, state: made.state } }
    },
    show(page, view, { payment, leftNano, isByHand }, status) {
      const who = whoOf(deps, payment.userId)
      const order = { id: payment.id, name: payment.name, who, left: leftNano, isByHand }
      return page.render((frame) => AdminRefundPage({ frame, order, form: view }), status)
    },
  })
}

function list(deps: Deps, page: PageRequest): Response {
  const params = new URL(page.request.url).searchParams
  const q = (params.get("q") ?? "").trim().slice(0, TEXT_CHARS_MAX)
  const state = FILTERS.find((one) => one === params.get("state")) ?? null
  const before = readBefore(params.get("before"))
  const found = search(deps, { q, state, before })
  const rows = found.slice(0, ROWS)
  const href = (more: Record<string, string>) => {
    const query = new URLSearchParams({ ...(state && { state }), ...(q && { q }), ...more }).toString()
    return query ? `${LIST}?${query}` : LIST
  }
  const last = rows.at(-1)
  const props = {
    now: deps.clock.now(),
    state,
    q,
    rows: rows.map((row) => ({
      id: row.id,
      name: row.name,
      who: whoOf(deps, row.userId),
      paid: row.paidNano,
      refunded: row.refundedNano,
      state: row.state,
      dispute: row.dispute,
      atMs: row.atMs,
    })),
    newerHref: before === null ? undefined : href({}),
    olderHref: found.length > ROWS && last ? href({ before: `${last.atMs}.${last.id}` }) : undefined,
  }
  return page.render((frame) => AdminOrdersPage({ frame, ...props }))
}

interface Asked {
  q: string
  state: PaymentFilter | null
  before: { atMs: number; id: string } | null
}

/** An address is a person, a person's id too; everything else is an id of a payment. */
function search({ billing, identity }: Deps, { q, state, before }: Asked): PaymentRow[] {
  const user = q.includes("@") ? identity.userByEmail(q) : q.startsWith("usr_") ? identity.userByPublicId(q) : null
  const isPerson = q.includes("@") || q.startsWith("usr_")
  if (isPerson && !user) return []
  const id = isPerson || q === "" ? null : q
  return billing.refunds.payments({ state, userId: user?.id ?? null, id, before, limit: ROWS + 1 })
}

function readBefore(text: string | null): Asked["before"] {
  const [, at, id] = /^(\d{1,15})\.([\w]{1,80})$/.exec(text ?? "") ?? []
  return at && id ? { atMs: Number(at), id } : null
}

const whoOf = ({ identity }: Deps, userId: UserId): string => {
  const user = identity.userById(userId)
  return user ? labelOf(user) : "Somebody who left"
}

/** `ord_…` or `in_…`. @throws AppError not_found */
function storyOf({ billing }: Deps, id: string): PaymentStory {
  const story = billing.refunds.story(id.startsWith("in_") ? `stripe:${id}` : `order:${id}`)
  ensure(story, "not_found", "There is no such order. They are listed under Orders.")
  return story
}

function disputeOf(
  deps: Deps,
  params: { payment: string; dispute: string },
): { story: PaymentStory; dispute: Dispute } {
  const story = storyOf(deps, params.payment)
  const dispute = story.disputes.find(({ publicId }) => publicId === params.dispute)
  ensure(dispute, "not_found", "There is no such dispute of this order.")
  return { story, dispute }
}

function orderProps(deps: Deps, story: PaymentStory): Omit<AdminOrderProps, "frame"> {
  const { payment, refunds, disputes, holdbacks, leftNano, invoiceNumber } = story
  const user = deps.identity.userById(payment.userId)
  const [row] = deps.billing.refunds.payments({
    state: null,
    userId: payment.userId,
    id: payment.id,
    before: null,
    limit: 1,
  })
  return {
    now: deps.clock.now(),
    order: {
      id: payment.id,
      name: payment.name,
      who: { label: whoOf(deps, payment.userId), href: user ? `/admin/users/${user.publicId}` : "/admin/users" },
      paid: payment.paidNano,
      refunded: payment.refundedNano,
      left: leftNano,
      state: row?.state ?? "paid",
      dispute: row?.dispute ?? null,
      atMs: row?.atMs ?? payment.paidMs ?? 0,
      paidMs: payment.paidMs,
      invoiceHref: invoiceNumber === null ? null : `/admin/invoices/${encodeURIComponent(invoiceNumber)}`,
      paymentIntentId: payment.paymentIntentId,
      chargeId: payment.chargeId,
    },
    refunds: refunds.map((one) => ({
      id: one.publicId,
      amount: one.amountNano,
      state: one.state,
      reason: one.reason,
      note: one.note,
      atMs: one.createdMs,
    })),
    disputes: disputes.map((one) => ({
      id: one.publicId,
      kind: one.kind,
      amount: one.amountNano,
      state: one.state,
      reason: one.reason,
      dueMs: one.dueMs,
      isReleased: one.releasedMs !== null,
      disputeId: one.disputeId,
      atMs: one.createdMs,
    })),
    effects: holdbacks.map(effectOf),
  }
}

const effectOf = (one: Holdback): EffectRow => ({
  text:
    one.kind === "freeze" ? "Frozen" : `Taken back for $${Number(usdDecimal(one.amountNano)).toFixed(2)} of credits`,
  broken: one.brokenNano,
  taken: one.takenNano,
  debt: one.debtNano,
  developers: one.developersNano,
  isOver: one.state === "over",
  atMs: one.createdMs,
})
