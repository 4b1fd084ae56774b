// The question before several payouts are approved: whose they are, how much each is, and what all come to.
import { nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { PayoutRow } from "../portal/payouts/row.tsx"
import { plural, usdText } from "../ui/format.ts"
import type { FormView } from "../ui/index.ts"

const LIST = "/admin/payouts"

export interface AdminPayoutApprovalsProps {
  frame: Frame
  rows: readonly (PayoutRow & { who: string; held: string | null })[]
  form: FormView
}

export function AdminPayoutApprovalsPage({ frame, rows, form }: AdminPayoutApprovalsProps): JSX.Element {
  const all = nano(rows.reduce((sum, { amount }) => sum + amount, 0))
  const whom = plural(rows.length, "payout", "payouts")
  return (
    <ConfirmPage
      frame={frame}
      title={`Approve ${whom}?`}
      section="Admin"
      up={{ href: LIST, label: "Payouts" }}
      words={[
        `They come to ${usdText(all)}. Currency and rate of each are fixed now, and each can go into a file for the bank. Their developers get a mail.`,
        "Each is decided by itself: one that cannot be approved stays where it is.",
      ]}
      form={{ ...form, submit: `Approve ${whom}` }}
      cancelHref={LIST}
    >
      <ul class="bulk-people" {...{ tabindex: "0", "aria-label": "Payouts to approve" }}>
        {rows.map((row) => (
          <li>
            <bdi safe>{row.who}</bdi>
            <span class="quiet" safe>{`${usdText(row.amount)}${row.held === null ? "" : ", held"}`}</span>
          </li>
        ))}
      </ul>
    </ConfirmPage>
  )
}
