// What a person paid, and the paper for it.

import { InvoiceListPage, type InvoicesProps } from "../invoices/list-page.tsx"
import { Button } from "../ui/index.ts"

export { InvoicePage } from "../invoices/page.tsx"

/** GET /credits/invoices?state=&page= */
export function InvoicesPage(props: InvoicesProps): JSX.Element {
  return (
    <InvoiceListPage
      {...props}
      path="/credits/invoices"
      lead="One for each payment, with its PDF."
      up={{ href: "/credits", label: "Credits" }}
      action={<Button href="/credits/billing-details" label="Billing details" />}
      caption="Your invoices"
      withWho={false}
      none="Whatever you pay for here has its invoice on this page."
    />
  )
}
