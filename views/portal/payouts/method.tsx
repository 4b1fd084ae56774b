// Where payouts go: which ways there are, a form for each, the code that proves an address, and taking it off.
import { AuthLayout } from "../../layout/auth.tsx"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import { EditPage } from "../../layout/edit-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { plural } from "../../ui/format.ts"
import { Button, FormOf, type FormView, Notice } from "../../ui/index.ts"

const PATH = "/developer/payouts"
const UP = { href: `${PATH}/method`, label: "Payout method" }

export interface MethodProps {
  frame: Frame
  /** "Bank account ending in 3000" */
  name: string | null
  /** Days until a new one is used. */
  coolingDays: number
  /** Whether one can be paid by Stripe. */
  hasStripe: boolean
}

const STRIPE = {
  href: `${PATH}/method/stripe`,
  title: "Stripe",
  text: "By an account at Stripe, which you make or connect there.",
}
const WAYS = [
  { href: `${PATH}/method/bank`, title: "Bank account", text: "By IBAN, in Europe and wherever else there are IBANs." },
  { href: `${PATH}/method/us-bank`, title: "US bank account", text: "By routing and account number, in US dollars." },
  { href: `${PATH}/method/paypal`, title: "PayPal", text: "By the address of your PayPal account." },
] as const

export function MethodPage({ frame, name, coolingDays, hasStripe }: MethodProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Payout method"
      section="Developer"
      lead="Where your money goes. You have one at a time."
      up={{ href: PATH, label: "Payouts" }}
    >
      {name === null ? null : (
        <section aria-labelledby="now-title">
          <h2 id="now-title">Now</h2>
          <p>
            <strong>
              <bdi safe>{name}</bdi>
            </strong>
          </p>
          <div class="actions">
            <Button kind="danger" href={`${PATH}/method/removal`} dialog label="Take off" />
          </div>
        </section>
      )}
      <section aria-labelledby="ways-title">
        <h2 id="ways-title">{name === null ? "Choose one" : "Change it"}</h2>
        {coolingDays === 0 ? null : (
          <p class="quiet page-form" safe>
            {`A new one is used after ${plural(coolingDays, "day")}. You get a mail at once, so that you notice a change that was not yours.`}
          </p>
        )}
        <ul class="plain payout-ways">
          {[...WAYS, ...(hasStripe ? [STRIPE] : [])].map(({ href, title, text }) => (
            <li>
              <a href={href} safe>
                {title}
              </a>
              <p class="quiet" safe>
                {text}
              </p>
            </li>
          ))}
        </ul>
      </section>
    </ConsoleLayout>
  )
}

export interface MethodFormProps {
  frame: Frame
  kind: "bank" | "us-bank" | "paypal"
  form: FormView
}

const FORMS = {
  bank: { title: "Bank account", lead: "We check the number before anything is sent, and keep it sealed." },
  "us-bank": { title: "US bank account", lead: "We check the routing number, and keep both numbers sealed." },
  paypal: { title: "PayPal", lead: "If it is another address than the one you sign in with, we mail it a code." },
} as const

/** POST its own address: csrf and the account. */
export function MethodFormPage({ frame, kind, form }: MethodFormProps): JSX.Element {
  const { title, lead } = FORMS[kind]
  return (
    <EditPage
      frame={frame}
      title={title}
      section="Developer"
      lead={lead}
      up={UP}
      form={form}
      cancelHref={`${PATH}/method`}
    />
  )
}

export interface MethodCodeProps {
  frame: Frame
  /** "PayPal a…@example.com" */
  name: string
  form: FormView
}

/** POST /developer/payouts/method/code: csrf, code. */
export function MethodCodePage({ frame, name, form }: MethodCodeProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Prove your PayPal address"
      section="Developer"
      lead="We mailed a code of six digits to the address of your PayPal account."
      up={UP}
      form={form}
      cancelHref={PATH}
      before={<Notice text={`For ${name}. No code? Set the address again, and a new one is mailed.`} />}
    />
  )
}

export interface MethodRemovalProps {
  frame: Frame
  name: string
  form: FormView
}

export function MethodRemovalPage({ frame, name, form }: MethodRemovalProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Take the payout method off?"
      section="Developer"
      up={UP}
      form={form}
      cancelHref={`${PATH}/method`}
      words={[
        `${name} is forgotten. What you earn stays yours; it waits until you name another place.`,
        "Payouts that are not approved yet cannot go there any more.",
      ]}
    />
  )
}

export interface MethodStripeProps {
  frame: Frame
  /** What Stripe says of their account; null: they have none. */
  state: "ready" | "unfinished" | "unknown" | null
  form: FormView
}

const AT_STRIPE = {
  ready: { tone: "ok", text: "Stripe can pay you. What you ask for goes there once it is approved." },
  unfinished: {
    tone: "warn",
    text: "Stripe needs more from you, or still looks at it. Go on there, or come back later.",
  },
  unknown: { tone: "warn", text: "Stripe does not answer now. Come back in a minute." },
} as const

/** POST its own address: csrf. It leads to Stripe. */
export function MethodStripePage({ frame, state, form }: MethodStripeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Stripe"
      section="Developer"
      lead="You say at Stripe who you are and where your money should arrive. We see neither."
      up={UP}
    >
      {state === null ? null : <Notice tone={AT_STRIPE[state].tone} text={AT_STRIPE[state].text} />}
      <FormOf form={form} csrf={frame.csrf} class="form page-form" />
    </ConsoleLayout>
  )
}

/** On the way to Stripe; goes on by itself. A redirect after a form would be held against `form-action`. */
export function ToStripePage({ frame, host, location }: { frame: Frame; host: string; location: string }): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="To Stripe"
      heading="To Stripe"
      goesTo={location}
      lead={
        <p>
          {"You say who you are and where your money should arrive at "}
          <bdi class="strong" safe>
            {host}
          </bdi>
          {". A link there leads back."}
        </p>
      }
    >
      <Button kind="primary" wide href={location} label="Continue" />
    </AuthLayout>
  )
}
