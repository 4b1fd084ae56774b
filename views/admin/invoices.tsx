// Every invoice there is; a payment that came by another road, and what becomes of an invoice that waits for one.
import { InvoiceListPage, type InvoicesProps } from "../invoices/list-page.tsx"
import { InvoicePage, type InvoiceProps } from "../invoices/page.tsx"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, type FormView } from "../ui/index.ts"
import { userPath } from "./user-tabs.tsx"

const PATH = "/admin/invoices"
const UP = { href: PATH, label: "Invoices" }
const invoicePath = (number: string): string => `${PATH}/${encodeURIComponent(number)}`

/** GET /admin/invoices?state=&page= */
export function AdminInvoicesPage(props: InvoicesProps): JSX.Element {
  return (
    <InvoiceListPage
      {...props}
      path={PATH}
      section="Admin"
      lead="Of everybody, newest first. A payment by hand is written down on the wallet of its person; who you are on paper stands under Settings."
      action={<Button href="/admin/settings" label="Settings" />}
      caption="Invoices"
      withWho
      none="The first payment, by whatever road, makes the first one."
    />
  )
}

export interface AdminInvoiceProps extends Omit<InvoiceProps, "up" | "acts" | "section"> {
  user: { id: string; label: string } | null
  /** It waits for a payment that an admin writes down. */
  waits: boolean
  /** For an API, and not all of it was given back. */
  isRefundable: boolean
}

/** GET /admin/invoices/:invoice */
export function AdminInvoicePage({ user, waits, isRefundable, ...invoice }: AdminInvoiceProps): JSX.Element {
  const path = invoicePath(invoice.number)
  return (
    <InvoicePage
      {...invoice}
      up={UP}
      section="Admin"
      acts={
        <div class="actions">
          {waits ? <Button kind="primary" dialog href={`${path}/payment`} label="Mark as paid" /> : null}
          {waits ? <Button dialog href={`${path}/failure`} label="Give it up" /> : null}
          {isRefundable ? (
            <Button
              kind="danger"
              dialog
              href={`/admin/sales/${encodeURIComponent(invoice.number)}/refund`}
              label="Give back"
            />
          ) : null}
          {user ? <Button href={`${userPath(user.id)}/wallet`} label={`Wallet of ${user.label}`} /> : null}
        </div>
      }
    />
  )
}

export interface AdminPaymentProps {
  frame: Frame
  user: { id: string; label: string }
  form: FormView
}

/** GET /admin/users/:user/payment */
export function AdminPaymentPage({ frame, user, form }: AdminPaymentProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Record a payment"
      section="Admin"
      lead={`Money of ${user.label} that came by another road: they get the credits, an invoice and a mail.`}
      up={[
        { href: "/admin/users", label: "Users" },
        { href: userPath(user.id), label: user.label },
        { href: `${userPath(user.id)}/wallet`, label: "Wallet" },
      ]}
      form={form}
      cancelHref={`${userPath(user.id)}/wallet`}
    />
  )
}

export interface AdminInvoiceActProps {
  frame: Frame
  number: string
  /** "$297.50" */
  total: string
  who: string
  form: FormView
}

/** GET /admin/invoices/:invoice/payment */
export function AdminInvoicePaidPage({ frame, number, total, who, form }: AdminInvoiceActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Was ${number} paid?`}
      section="Admin"
      up={UP}
      words={[`${total} of ${who}. Their credits come at once.`]}
      form={form}
      cancelHref={invoicePath(number)}
    />
  )
}

/** GET /admin/invoices/:invoice/failure */
export function AdminInvoiceFailedPage({ frame, number, total, who, form }: AdminInvoiceActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Give ${number} up?`}
      section="Admin"
      up={UP}
      words={[
        `${total} of ${who} will not come, and they get no credits for it.`,
        "The invoice keeps its number and is shown as failed. This cannot be undone; another payment is another invoice.",
      ]}
      form={form}
      cancelHref={invoicePath(number)}
    />
  )
}

/** GET /admin/sales/:sale/refund */
export function AdminSaleRefundPage({ frame, number, total, who, form }: AdminInvoiceActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Give ${who} a payment back?`}
      section="Admin"
      up={[UP, { href: invoicePath(number), label: number }]}
      words={[
        `${total} of ${number} can be given back. It goes to the credits that paid it, with a credit note.`,
        "The publisher’s part comes off what they have pending, or off what they earn next; the commission goes back, too. Both get a mail. The subscription goes on.",
      ]}
      form={form}
      cancelHref={invoicePath(number)}
    />
  )
}
