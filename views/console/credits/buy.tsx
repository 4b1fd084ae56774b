// Credits for money: what is sold, and the way to the page to pay on.
import type { Nano } from "../../../src/app/units.ts"
import { AuthLayout } from "../../layout/auth.tsx"
import type { Frame } from "../../layout/frame.ts"
import { creditsText, plural, usdText } from "../../ui/format.ts"
import { Button, Form, Id, Notice, PriceCard, PriceCards } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export interface PackageCard {
  slug: string
  name: string
  price: Nano
  /** Credits that are paid for, worth the price. */
  credits: Nano
  bonus: Nano
  bonusDays: number | null
  /** What the coupon takes off; nothing where it is not for this. */
  discount?: Nano | undefined
}

export interface BuyProps {
  packages: readonly PackageCard[]
  /** Of the form: a second press is the same order. */
  formKey: string
  /** No money moves. */
  isTest: boolean
  /** Nothing can be paid for here: the operator is to be asked, at this address where one is known. */
  askAt?: { email: string | null } | null | undefined
  /** Goes along with each purchase that it is for. */
  coupon?: { code: string; off: string } | undefined
}

export function BuySection({ frame, of: buy }: SectionProps<BuyProps>): JSX.Element {
  if (buy.askAt) return <AskForCredits {...buy.askAt} />
  return (
    <section aria-labelledby="buy-title" id="buy">
      <h2 id="buy-title">Buy credits</h2>
      {buy.isTest ? <Notice tone="warn" text="This server tries payments out: no money moves." /> : null}
      {buy.coupon ? <WithCoupon coupon={buy.coupon} /> : null}
      <PriceCards isShort>
        {buy.packages.map((one) => (
          <PriceCard
            name={one.name}
            price={usdText(off(one.price, one.discount))}
            per={one.discount === undefined ? "once" : `once, in place of ${usdText(one.price)}`}
            points={pointsOfPackage(one)}
            action={
              <Form action={`/credits/packages/${encodeURIComponent(one.slug)}`} csrf={frame.csrf} class="cell-form">
                <input type="hidden" name="key" value={`${buy.formKey}-${one.slug}`.slice(0, 64)} />
                {buy.coupon && one.discount !== undefined ? (
                  <input type="hidden" name="coupon" value={buy.coupon.code} />
                ) : null}
                <Button kind="primary" label={`Buy ${one.name}`} />
              </Form>
            }
          />
        ))}
      </PriceCards>
      <p class="quiet">
        You buy under the <a href="/terms">terms</a> of this server.
      </p>
    </section>
  )
}

function AskForCredits({ email }: NonNullable<BuyProps["askAt"]>): JSX.Element {
  return (
    <section aria-labelledby="buy-title" id="buy">
      <h2 id="buy-title">More credits</h2>
      <Notice text="Credits are not sold on this page. Ask the operator for some.">
        {email === null ? null : <Button href={`mailto:${email}`} label="Write to the operator" />}
      </Notice>
    </section>
  )
}

const off = (price: Nano, discount: Nano | undefined): Nano => (price - (discount ?? 0)) as Nano

function WithCoupon({ coupon: { code, off: words } }: { coupon: NonNullable<BuyProps["coupon"]> }): JSX.Element {
  return (
    <p>
      <Id text={code} /> <span safe>{`takes ${words} one purchase. `}</span>
      <a href="/credits#buy">Buy without it</a>
    </p>
  )
}

/** What a package gives, for its card. */
export function pointsOfPackage({ credits, bonus, bonusDays }: PackageCard): string[] {
  const points = [`${creditsText(credits)}, which do not expire`]
  if (bonus > 0)
    points.push(`${creditsText(bonus)} on top${bonusDays === null ? "" : `, for ${plural(bonusDays, "day")}`}`)
  return points
}

export interface PayProps {
  frame: Frame
  /** Host of the page. */
  host: string
  location: string
  /** Where a card is changed: nothing is paid there by itself. */
  isPortal?: boolean | undefined
}

/** On the way to the page to pay on; goes on by itself. A redirect after a form would be held against `form-action`. */
export function PayPage({ frame, host, location, isPortal }: PayProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="To the payment page"
      heading="To the payment page"
      goesTo={location}
      lead={
        <p>
          {isPortal ? "Card and payments are looked after at " : "You pay at "}
          <bdi class="strong" safe>
            {host}
          </bdi>
          {isPortal ? ". A link there leads back." : ". What you pay for is here as soon as you come back."}
        </p>
      }
    >
      <Button kind="primary" wide href={location} label="Continue" />
    </AuthLayout>
  )
}
