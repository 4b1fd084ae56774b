// Where links with a code lead: what it gives, before it is taken.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { usdText } from "../ui/format.ts"
import { Button, FormOf, type FormView, Id, Time } from "../ui/index.ts"

export interface FoundCoupon {
  code: string
  /** A sentence: "10,000 credits, for 90 days". */
  gives: string
  /** Names of what it is for; none = whatever is sold. */
  onlyFor: readonly string[]
  minimum: Nano | null
  /** It works before this moment. */
  expiresMs: number | null
  /** Where it is used, for what takes something off a price; else it is redeemed here. */
  shops: readonly { href: string; label: string }[]
}

export interface RedeemProps {
  frame: Frame
  form: FormView
  /** What the code of the address is. */
  found: FoundCoupon | null
}

/** GET /redeem?code= */
export function RedeemPage({ frame, form, found }: RedeemProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Redeem a code"
      lead="A code gives you credits, a month of a plan, or something off what you buy."
      up={{ href: "/credits", label: "Credits" }}
    >
      {found ? (
        <Found frame={frame} form={form} found={found} />
      ) : (
        <section aria-labelledby="code-title">
          <h2 id="code-title" class="sr">
            Your code
          </h2>
          <FormOf form={{ ...form, opens: true }} csrf={frame.csrf} class="form page-form" />
        </section>
      )}
    </ConsoleLayout>
  )
}

function Found({ frame, form, found }: RedeemProps & { found: FoundCoupon }): JSX.Element {
  const { onlyFor, minimum, expiresMs, shops } = found
  return (
    <section aria-labelledby="found-title">
      <h2 id="found-title" safe>
        {found.gives}
      </h2>
      <Facts
        facts={[
          { label: "Code", value: <Id text={found.code} /> },
          ...(onlyFor.length > 0 ? [{ label: "Only for", text: onlyFor.join(", ") }] : []),
          ...(minimum === null ? [] : [{ label: "From", text: usdText(minimum) }]),
          ...(expiresMs === null ? [] : [{ label: "Use it before", value: <Time ms={expiresMs} /> }]),
        ]}
      />
      {shops.length > 0 ? (
        <div class="actions">
          {shops.map(({ href, label }, at) => (
            <Button kind={at === 0 ? "primary" : "plain"} href={href} label={label} />
          ))}
        </div>
      ) : (
        <FormOf
          form={{
            ...form,
            submit: "Redeem",
            fields: form.fields.map((one) => ({ ...one, control: "hidden" as const })),
          }}
          csrf={frame.csrf}
          class="form page-form"
          cancelHref="/credits"
        />
      )}
    </section>
  )
}
