// The tax number of a payee, whole, for an admin who said who they are.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { CopyLine, When } from "../ui/index.ts"

export interface AdminUserTaxNumberProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  /** "VAT ID, Germany" */
  kind: string
  number: string
  setMs: number
}

export function AdminUserTaxNumberPage({
  frame,
  now,
  user,
  kind,
  number,
  setMs,
}: AdminUserTaxNumberProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Tax number"
      section="Admin"
      lead={`As ${user.label} gave it. Each reading stands in the audit log.`}
      up={{ href: `/admin/users/${encodeURIComponent(user.id)}/payouts`, label: "Payouts" }}
    >
      <section aria-labelledby="number-title">
        <h2 id="number-title" safe>
          {kind}
        </h2>
        <CopyLine id="tax-number" text={number} />
        <p class="quiet">
          {"Given "}
          <When ms={setMs} now={now} />
        </p>
      </section>
    </ConsoleLayout>
  )
}
