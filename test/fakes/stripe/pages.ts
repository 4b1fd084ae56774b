// Pages that a browser sees: paying, the portal, receipts. Plain, without scripts; they work under any path.
import { CARDS, makeCard } from "./cards.ts"
import { completeSession, itemsOf } from "./checkout.ts"
import { finishOnboarding } from "./connect.ts"
import { attach } from "./customers.ts"
import { Fault } from "./fault.ts"
import { nameOf } from "./proration.ts"
import { change, end } from "./subscriptions.ts"
import type {
  Account,
  Customer,
  PaymentMethod,
  PortalConfiguration,
  PortalSession,
  Price,
  Session,
  Subscription,
} from "./types.ts"
import type { World } from "./world.ts"

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
const dollars = (cents: number | null): string => `$${((cents ?? 0) / 100).toFixed(2)}`

const page = (title: string, body: string, status = 200): Response =>
  new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title></head><body><main><h1>${escaped(title)}</h1><p>This is a sandbox: no money moves.</p>${body}</main></body></html>`,
    { status, headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } },
  )
const away = (url: string): Response => new Response(null, { status: 303, headers: { location: url } })

export async function pageOf(world: World, request: Request, path: string): Promise<Response> {
  const [, kind, id = ""] = path.split("/")
  const form = request.method === "POST" ? new URLSearchParams(await request.text()) : null
  try {
    if (kind === "pay") return payPage(world, world.find<Session>("checkout.session", id), form)
    if (kind === "portal") return portalPage(world, world.find<PortalSession>("billing_portal.session", id), form)
    if (kind === "onboard") {
      finishOnboarding(world, world.find<Account>("account", id))
      return away(new URL(request.url).searchParams.get("return") || "/")
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return page("Not found", `<p>${escaped(error.message)}</p>`, error.status)
  }
  return page("Not found", "", 404)
}

function payPage(world: World, session: Session, form: URLSearchParams | null): Response {
  if (session.status !== "open")
    return page(session.status === "complete" ? "Paid already" : "This page has expired", "", 410)
  if (form === null) return payForm(world, session, null)
  const number = form.get("number")?.replace(/\D/g, "") ?? ""
  const paid = completeSession(world, session, {
    with: form.get("by") === "bank" ? "bank" : number,
    email: form.get("email") ?? "",
    country: form.get("country") || "US",
    authenticated: form.get("authenticated") === "yes",
  })
  if (paid.outcome === "refused") return payForm(world, session, paid.why)
  if (paid.outcome === "asks") return askPage(number, form.get("country") ?? "US")
  return away(session.success_url!.replaceAll("{CHECKOUT_SESSION_ID}", session.id))
}

function payForm(world: World, session: Session, why: string | null): Response {
  const lines = itemsOf(session)
    .map(
      ({ price, quantity }) =>
        `<li>${quantity} × ${escaped(nameOf(world, price))}: ${dollars(price.unit_amount * quantity)}</li>`,
    )
    .join("")
  const off = session.total_details?.amount_discount ?? 0
  const options = Object.entries(CARDS)
    .map(([number, { brand, token }]) => `<option value="${number}">${brand} ${number}: ${token.slice(8)}</option>`)
    .join("")
  return page(
    session.mode === "setup" ? "Save a card" : "Pay",
    `<ul>${lines}</ul>${off ? `<p>Discount: −${dollars(off)}</p>` : ""}${session.mode === "setup" ? "" : `<p>Total: <strong>${dollars(session.amount_total)}</strong></p>`}
${why === null ? "" : `<p role="alert">${escaped(why)}</p>`}
<form method="post" action="${world.options.origin}/pay/${session.id}"><p><label>Card <select name="number">${options}</select></label></p><p><label>Country <input name="country" value="US" maxlength="2"></label></p>
<p><button name="by" value="card">${session.mode === "setup" ? "Save" : "Pay"}</button>${session.mode === "payment" ? ' <button name="by" value="bank">Pay by bank, which takes days</button>' : ""}</p></form>
${session.cancel_url ? `<p><a href="${escaped(session.cancel_url)}">Cancel</a></p>` : ""}`,
    why === null ? 200 : 402,
  )
}

const askPage = (number: string, country: string): Response =>
  page(
    "Your bank asks whether it is you",
    `<form method="post"><input type="hidden" name="number" value="${escaped(number)}"><input type="hidden" name="country" value="${escaped(country)}"><p><button name="authenticated" value="yes">It is me</button></p></form>`,
  )

function portalPage(world: World, portal: PortalSession, form: URLSearchParams | null): Response {
  const customer = world.find<Customer>("customer", portal.customer)
  const own = world
    .all<Subscription>("subscription")
    .filter((one) => one.customer === customer.id && !["canceled", "incomplete_expired"].includes(one.status))
  const { features } = world.find<PortalConfiguration>("billing_portal.configuration", portal.configuration)
  if (form) {
    const asked = own.find(({ id }) => id === form.get("subscription"))
    const wanted = form.get("price")
    const ends = features.subscription_cancel.enabled
    if (asked && wanted && features.subscription_update.enabled)
      change(world, asked, { items: [{ id: asked.items.data[0]!.id, price: wanted }] })
    if (asked && ends && form.has("cancel"))
      if (features.subscription_cancel.mode === "at_period_end") change(world, asked, { cancel_at_period_end: true })
      else end(world, asked)
    if (asked && ends && form.has("resume")) change(world, asked, { cancel_at_period_end: false })
    if (form.has("card") && features.payment_method_update.enabled)
      saveCard(world, customer, own, form.get("number") ?? "")
    return away(portal.return_url ?? portal.url)
  }
  const rows = own
    .map((one) => {
      const verb = one.cancel_at_period_end ? "resume" : "cancel"
      const until = new Date(one.items.data[0]!.current_period_end * 1_000).toISOString().slice(0, 10)
      return `<li>${escaped(nameOf(world, one.items.data[0]!.price))}, until ${until} <form method="post"><input type="hidden" name="subscription" value="${one.id}">${features.subscription_cancel.enabled ? `<button name="${verb}">${verb}</button>` : ""}${
        features.subscription_update.enabled
          ? `<label>Another plan <select name="price"><option value=""></option>${plansOf(world)}</select></label><button>Change</button>`
          : ""
      }</form></li>`
    })
    .join("")
  const options = Object.keys(CARDS)
    .map((number) => `<option>${number}</option>`)
    .join("")
  return page(
    "Your subscription",
    `<ul>${rows}</ul><form method="post"><label>Another card <select name="number">${options}</select></label> <button name="card">Save</button></form><p><a href="${escaped(portal.return_url ?? "/")}">Back</a></p>`,
  )
}

const plansOf = (world: World): string =>
  world
    .all<Price>("price")
    .filter(({ active, recurring }) => active && recurring)
    .map((one) => `<option value="${one.id}">${escaped(nameOf(world, one))}</option>`)
    .join("")

function saveCard(world: World, customer: Customer, own: readonly Subscription[], number: string): void {
  const method: PaymentMethod = makeCard(world, number, { customer: null })
  attach(world, method.id, customer)
  customer.invoice_settings.default_payment_method = method.id
  world.emit("customer.updated", customer)
  for (const one of own) change(world, one, { default_payment_method: method.id })
}
