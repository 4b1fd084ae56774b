// What stands on invoices as the buyer.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { FormOf, type FormView } from "../../ui/index.ts"

export interface BillingDetailsProps {
  frame: Frame
  form: FormView
  /** Of a team that its reader acts as. */
  ofTeam: boolean
}

/** GET and POST /credits/billing-details */
export const BillingDetailsPage = ({ frame, form, ofTeam }: BillingDetailsProps): JSX.Element => (
  <ConsoleLayout
    frame={frame}
    title="Billing details"
    lead={
      ofTeam
        ? "What stands on the team’s invoices from now on, in place of its owner’s name and address."
        : "What stands on your invoices from now on, in place of what your account says."
    }
    up={{ href: "/credits/invoices", label: "Invoices" }}
  >
    <FormOf form={form} csrf={frame.csrf} class="form page-form" />
    <p class="quiet page-form">
      Invoices that you have already stay as they were issued. To take the details off, empty every field and choose no
      country.
    </p>
  </ConsoleLayout>
)
