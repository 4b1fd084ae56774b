// /admin/billing/setup: the key of the payment service, the endpoint that this server makes there, and an event that proves both.
import { AdminBillingSetupPage, AdminKeyRemovalPage } from "../../../views/admin/billing/setup.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { MINUTE_MS } from "../../app/index.ts"
import { BILLING_LIMITS, type Billing, SELLS } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Settings } from "../../settings/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "billing" | "clock">

const PATH = "/admin/billing/setup"
const KEY = "/admin/billing/key"
/** An event that has not come after this does not come by itself. */
const LATE_MS = MINUTE_MS

const KEY_FORM = form(
  {
    secretKey: field.secret({
      label: "Secret key",
      help: "It is tried before it is kept.",
      missing: "Paste the secret key.",
      required: true,
    }),
    reason: field.reason(),
  },
  { submit: "Save the key" },
)
const OTHER_KEY_FORM = KEY_FORM.with({ secretKey: { label: "Another secret key" } })
const REMOVAL_FORM = form({ reason: field.reason() }, { submit: "Remove the key" })

export function billingSetupRoutes(site: AdminSite, deps: Deps): void {
  const { connection } = deps.billing
  site.get(PATH, (page) => setup(deps, page))
  site.post(KEY, {
    summary: "Enter the key of the payment service",
    form: KEY_FORM,
    async act(page, { secretKey, reason }) {
      const { key } = await connection.saveKey(page.ctx(reason), (secretKey ?? "").trim())
      const mode = key?.isTest ? "test" : "live"
      return { to: PATH, say: `The key works; it is one of ${mode} mode.`, result: { mode } }
    },
    show: (page, shown, _, status) => setup(deps, page, shown, status),
  })
  site.form(`${KEY}/removal`, {
    summary: "Remove the key of the payment service",
    form: REMOVAL_FORM,
    async act(page, { reason }) {
      await connection.removeKey(page.ctx(reason))
      return { to: PATH, say: "The key is removed. Nothing can be bought now." }
    },
    show: (page, shown, _, status) => page.render((frame) => AdminKeyRemovalPage({ frame, form: shown }), status),
  })
  site.post("/admin/billing/webhook", {
    summary: "Make the webhook at the payment service, or set it right",
    form: button("Make the webhook"),
    async act(page) {
      const { webhook } = await connection.connect(page.ctx("asked on the setup page"))
      return { to: PATH, say: `Stripe sends to ${webhook?.url ?? "this server"} now.` }
    },
    back: () => PATH,
  })
  site.post("/admin/billing/test", {
    summary: "Have the payment service send a test event",
    form: button("Send a test event"),
    async act(page) {
      await connection.probe(page.ctx("asked on the setup page"))
      return { to: PATH, say: "Stripe was asked for a test event." }
    },
    back: () => PATH,
  })
}

/** What is still to be set up, in a sentence; null = all is. */
export function todoOf({ connection }: Pick<Billing, "connection">, settings: Pick<Settings, "get">): string | null {
  const { key, webhook, probe } = connection.state()
  if (key === null && settings.get(SELLS) === "no") return null
  if (key === null) return "Nothing can be bought yet: there is no key of Stripe."
  if (webhook === null) return "Credits come up to ten minutes late: Stripe has no webhook to this server."
  if (webhook.fault !== null) return `Something is wrong with the webhook: ${webhook.fault}.`
  if (probe === null) return "Whether Stripe's events arrive here was never tried."
  return null
}

/** The key is of another account than before, in words; null = it is not, or has been for long. */
export function movedOf({ connection }: Pick<Billing, "connection">, nowMs: number): string | null {
  const { account } = connection.state()
  if (!account?.changed || nowMs - account.changed.atMs > BILLING_LIMITS.accountToldMs) return null
  const { atMs, before } = account.changed
  const day = new Date(atMs).toISOString().slice(0, 10)
  const from = before.startsWith("acct_") ? ` (before: ${before})` : ""
  return `Since ${day} the key is of another Stripe account${from}. Buyers and prices are made anew there as they are needed, and cards have to be saved again. Plans that people pay for in the account before go on being charged there: end them in its dashboard.`
}

function setup({ billing, clock }: Deps, page: PageRequest, shown?: FormView, status?: Status): Response {
  const { key, account, webhook, wantedUrl, probe } = billing.connection.state()
  const props = {
    parked: billing.countParked(),
    secret: key,
    account: account?.id ?? null,
    moved: movedOf(billing, clock.now()),
    webhook,
    wantedUrl,
    probe: probe && { ...probe, isLate: clock.now() - probe.sentMs > LATE_MS },
    form: key?.from === "environment" ? undefined : (shown ?? (key ? OTHER_KEY_FORM : KEY_FORM).show({ action: KEY })),
  }
  return page.render((frame) => AdminBillingSetupPage({ frame, ...props }), status)
}
