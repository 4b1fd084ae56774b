// /admin/payouts/approvals: several payouts approved by one press. Each is decided by itself, as if it were alone: who is refused keeps nobody
// else waiting, and what is said names everybody who was.
import { AdminPayoutApprovalsPage } from "../../../views/admin/payout-approvals.tsx"
import { plural } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { type OrderShown, PAYOUT_LIMITS } from "../../payouts/index.ts"
import type { Done, PageRequest, Status } from "../base/index.ts"
import { payoutRow } from "../portal/index.ts"
import { whoseOf } from "./payouts.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "payouts" | "store" | "clock" | "identity" | "web">

const NONE = "Tick the payouts to approve first."
const LIST = "/admin/payouts"
/** A line on the next page has room for so many refusals. */
const REFUSED_SAID = 3

const APPROVALS = form(
  { payouts: field.hidden({ label: "Ids, with a space between" }), reason: field.reason() },
  { submit: "Approve" },
)

export function payoutApprovalRoutes(site: AdminSite, deps: Deps): void {
  site.form(`${LIST}/approvals`, {
    summary: "Approve several payouts at once",
    load(page, _, sent): OrderShown[] {
      const ticked = new URL(page.request.url).searchParams.getAll("payout")
      const ids = [...new Set([...ticked, ...sent("payouts").split(/\s+/)].filter(Boolean))]
      return ids.slice(0, PAYOUT_LIMITS.rows).flatMap((id) => deps.payouts.order(id) ?? [])
    },
    form: APPROVALS,
    fresh: true,
    present: (orders) => ({ payouts: orders.map(({ publicId }) => publicId).join(" ") }),
    act: (page, { reason }, orders) => approve(deps, page, orders, reason),
    show: (page, sent, orders, status) => question(deps, page, orders, sent, status),
  })
}

async function approve(
  { payouts, store, ...deps }: Deps,
  page: PageRequest,
  orders: readonly OrderShown[],
  reason: string,
): Promise<Done> {
  if (orders.length === 0) throw new AppError("validation_failed", NONE, { formErrors: { payouts: NONE } })
  const refused: { payout: string; who: string; why: string }[] = []
  for (const order of orders) {
    try {
      await store.write(page.ctx(reason), (tx) => payouts.approveIn(tx, order.publicId))
    } catch (error) {
      // What is no refusal of the domain is a defect, and is not to be reported as one.
      if (!(error instanceof AppError)) throw error
      const { who } = whoseOf({ ...deps, payouts }, order)
      refused.push({ payout: order.publicId, who, why: error.message })
    }
  }
  const approved = orders.length - refused.length
  const said = [
    `${plural(approved, "payout is", "payouts are")} approved.`,
    ...refused.slice(0, REFUSED_SAID).map(({ who, why }) => `Not that of ${who}: ${why}`),
    ...(refused.length > REFUSED_SAID ? [`And ${refused.length - REFUSED_SAID} more were not.`] : []),
  ]
  return { to: LIST, say: said.join(" "), tone: refused.length > 0 ? "info" : "ok", result: { approved, refused } }
}

function question(
  deps: Deps,
  page: PageRequest,
  orders: readonly OrderShown[],
  sent: FormView,
  status: Status,
): Response {
  if (orders.length === 0) return deps.web.back(page.request, LIST, { kind: "info", text: NONE })
  const rows = orders.map((order) => ({ ...payoutRow(order), ...whoseOf(deps, order) }))
  return page.render((frame) => AdminPayoutApprovalsPage({ frame, rows, form: sent }), status)
}
