// /developer/payouts/method: where money goes. Setting it asks who is there; the code that proves an address does not, for it says itself.
import {
  MethodCodePage,
  MethodFormPage,
  MethodPage,
  MethodRemovalPage,
} from "../../../../views/portal/payouts/method.tsx"
import { AppError, ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { COOLING_DAYS, methodName, type SetMethodInput } from "../../../payouts/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { payoutStripeRoutes } from "./stripe.ts"

const HOME = "/developer/payouts"
const PATH = `${HOME}/method`

const holder = field.text({
  label: "Name on the account",
  help: "As your bank writes it, in Latin letters.",
  required: true,
  length: 70,
  autocomplete: "name",
})
const currency = field.choice({ label: "Currency" })

const BANK = form(
  {
    holder,
    iban: field.text({ name: "iban", label: "IBAN", required: true, length: 42, autocomplete: "off", mono: true }),
    bic: field.text({
      label: "BIC",
      help: "Only if your bank asks for it.",
      optional: true,
      length: 14,
      autocomplete: "off",
      mono: true,
    }),
    currency,
  },
  { submit: "Save bank account" },
)
const US_BANK = form(
  {
    holder,
    routing: field.text({ label: "Routing number", required: true, length: 14, autocomplete: "off", mono: true }),
    account: field.text({ label: "Account number", required: true, length: 24, autocomplete: "off", mono: true }),
    use: field.choice({
      label: "Kind of account",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "checking", label: "Checking" },
        { value: "savings", label: "Savings" },
      ],
    }),
  },
  { submit: "Save bank account" },
)
const PAYPAL = form(
  { email: field.email({ label: "Address of your PayPal account", required: true }), currency },
  { submit: "Save PayPal" },
)
const CODE = form({ code: field.code() }, { submit: "Prove it" })

type Typed = SetMethodInput["typed"]

export function payoutMethodRoutes(site: PortalSite, deps: PortalDeps): void {
  const { payouts, settings } = deps
  site.get(PATH, (page) => {
    const method = payouts.methodOf(page.holder.id)
    const props = {
      name: method && methodName(method),
      coolingDays: settings.get(COOLING_DAYS),
      hasStripe: payouts.isStripeOffered(),
    }
    return page.render((frame) => MethodPage({ frame, ...props }))
  })
  const options = () => payouts.currencies().map((one) => ({ value: one, label: one }))
  const withCurrencies = <F extends { with(more: { currency: { options: ReturnType<typeof options> } }): F }>(one: F) =>
    one.with({ currency: { options: options() } })
  const save = (page: PageRequest, typed: Typed) => saved(deps, page, typed)
  site.form(`${PATH}/bank`, {
    form: BANK,
    adapt: (one) => withCurrencies(one),
    fresh: true,
    act: (page, values) => save(page, { kind: "iban", ...values }),
    show: (page, view, _, status) =>
      page.render((frame) => MethodFormPage({ frame, kind: "bank", form: view }), status),
  })
  site.form(`${PATH}/us-bank`, {
    form: US_BANK,
    present: () => ({ use: "checking" as const }),
    fresh: true,
    act: (page, values) => save(page, { kind: "us_bank", ...values }),
    show: (page, view, _, status) =>
      page.render((frame) => MethodFormPage({ frame, kind: "us-bank", form: view }), status),
  })
  site.form(`${PATH}/paypal`, {
    form: PAYPAL,
    adapt: (one) => withCurrencies(one),
    fresh: true,
    act: (page, values) => save(page, { kind: "paypal", ...values }),
    show: (page, view, _, status) =>
      page.render((frame) => MethodFormPage({ frame, kind: "paypal", form: view }), status),
  })
  payoutStripeRoutes(site, deps)
  endRoutes(site, deps)
}

async function saved({ payouts, store }: PortalDeps, page: PageRequest, typed: Typed) {
  const ctx = page.ctx("set where payouts go")
  const { codeTo } = await store.write(ctx, (tx) => payouts.setMethodIn(tx, { userId: page.holder.id, typed }))
  if (codeTo !== null) return { to: `${PATH}/code`, say: `A code is on its way to ${codeTo}.` }
  return { to: HOME, say: "Your payout method is saved. You get a mail about it." }
}

function endRoutes(site: PortalSite, { payouts, store }: PortalDeps): void {
  const load = (page: PageRequest) => {
    const method = payouts.methodOf(page.holder.id)
    ensure(method, "not_found", "You have no payout method.")
    return method
  }
  site.form(`${PATH}/code`, {
    load(page) {
      const method = load(page)
      ensure(method.confirmedMs === null && method.kind === "paypal", "not_found", "There is nothing to prove.")
      return method
    },
    form: CODE,
    async act(page, { code }) {
      const userId = page.holder.id
      const isRight = await store.write(page.ctx("proved an address"), (tx) =>
        payouts.confirmMethodIn(tx, { userId, code }),
      )
      const words = "That is not the code, or it is too old. Look at the mail again, or set the address again."
      if (!isRight) throw new AppError("validation_failed", words, { formErrors: { code: words } })
      return { to: HOME, say: "Your PayPal address is proved." }
    },
    show: (page, view, method, status) =>
      page.render((frame) => MethodCodePage({ frame, name: methodName(method), form: view }), status),
  })
  site.form(`${PATH}/removal`, {
    load,
    form: button("Take off", true),
    async act(page) {
      const userId = page.holder.id
      await store.write(page.ctx("took the payout method off"), (tx) => payouts.removeMethodIn(tx, userId))
      return { to: HOME, say: "The payout method is taken off." }
    },
    show: (page, view, method, status) =>
      page.render((frame) => MethodRemovalPage({ frame, name: methodName(method), form: view }), status),
  })
}
