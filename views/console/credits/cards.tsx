// Saved cards, and the rule by which one is charged when credits run low.
import { AuthLayout } from "../../layout/auth.tsx"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Badge, Button, Empty, Form, FormOf, type FormView, Notice, Table } from "../../ui/index.ts"
import { RechargeNotices, type RechargeProps, rechargeWords } from "./recharge.tsx"

export interface CardRow {
  /** `card_…` */
  id: string
  /** "Visa ending in 4242" */
  name: string
  last4: string
  /** "12/2034" */
  expires: string
  state: "ok" | "soon" | "over"
}

export interface CardsProps {
  frame: Frame
  /** Newest first: the first is charged. */
  cards: readonly CardRow[]
  recharge: RechargeProps
  /** Of the button: a second press is the same page. */
  formKey: string
  /** null without a card: there is nothing to charge. */
  form: FormView | null
  isTest: boolean
}

/** GET and POST /credits/cards */
export function CardsPage(props: CardsProps): JSX.Element {
  const { frame, cards, isTest } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Cards and auto-recharge"
      lead="Which card is kept, and when it is charged without asking you."
      up={{ href: "/credits", label: "Credits" }}
    >
      {isTest ? <Notice tone="warn" text="This server tries payments out: no money moves." /> : null}
      <section aria-labelledby="cards-title">
        <h2 id="cards-title">Saved cards</h2>
        {cards.length === 0 ? (
          <Empty
            title="No card is saved"
            text="The payment service keeps its number; this server never sees it."
            action={<SaveCard {...props} kind="primary" />}
          />
        ) : (
          <>
            <Cards cards={cards} />
            <div class="actions">
              <SaveCard {...props} kind="plain" />
            </div>
          </>
        )}
      </section>
      <Rule {...props} />
    </ConsoleLayout>
  )
}

const SaveCard = ({ frame, formKey, kind }: CardsProps & { kind: "primary" | "plain" }): JSX.Element => (
  <Form action="/credits/cards/new" csrf={frame.csrf} class="cell-form">
    <input type="hidden" name="key" value={formKey} />
    <Button kind={kind} label="Save a card" />
  </Form>
)

const STATES = { soon: "Expires soon", over: "Expired" } as const

const Cards = ({ cards }: Pick<CardsProps, "cards">): JSX.Element => (
  <Table
    caption="Saved cards"
    hideCaption
    columns={[{ label: "Card" }, { label: "Good until the end of" }, { label: "Remove" }]}
    rows={cards.map(({ id, name, last4, expires, state }, at) => [
      <>
        <bdi safe>{name}</bdi> {at === 0 && cards.length > 1 ? <Badge tone="accent" text="Charged" /> : null}
      </>,
      <>
        <span class="num" safe>
          {expires}
        </span>{" "}
        {state === "ok" ? null : <Badge tone={state === "over" ? "bad" : "warn"} text={STATES[state]} />}
      </>,
      <Button small href={`/credits/cards/${id}/removal`} dialog label={`Remove ${last4}`} />,
    ])}
  />
)

function Rule({ frame, recharge, form }: CardsProps): JSX.Element {
  const isOn = recharge.state === "on" || recharge.state === "paused"
  return (
    <section aria-labelledby="rule-title" id="recharge">
      <h2 id="rule-title">Auto-recharge</h2>
      <RechargeNotices {...recharge} />
      <p class="page-form" safe>
        {rechargeWords(recharge)}
      </p>
      {form === null ? (
        <p class="quiet">Save a card first.</p>
      ) : (
        <>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" />
          <p class="quiet page-form">
            With it on, you let this server charge that card whenever your credits fall below your threshold. Each
            charge is mailed to you, and you can turn it off here at any time.
          </p>
        </>
      )}
      {isOn ? (
        <Form action="/credits/cards/off" csrf={frame.csrf} class="actions">
          <Button kind="plain" label="Turn off auto-recharge" />
        </Form>
      ) : null}
    </section>
  )
}

export interface CardRemovalProps {
  frame: Frame
  name: string
  /** It is the last one, and auto-recharge is on. */
  endsRecharge: boolean
  form: FormView
}

/** GET and POST /credits/cards/:card/removal */
export const CardRemovalPage = ({ frame, name, endsRecharge, form }: CardRemovalProps): JSX.Element => (
  <ConfirmPage
    frame={frame}
    title={`Remove ${name}?`}
    up={{ href: "/credits/cards", label: "Cards and auto-recharge" }}
    words={[
      "The payment service forgets it, too. What was paid with it stays paid.",
      ...(endsRecharge ? ["It is your last card, so auto-recharge is turned off."] : []),
    ]}
    form={form}
    cancelHref="/credits/cards"
  />
)

/** On the way to the page that a card is saved on; goes on by itself. */
export const SaveCardPage = ({
  frame,
  host,
  location,
}: {
  frame: Frame
  host: string
  location: string
}): JSX.Element => (
  <AuthLayout
    frame={frame}
    title="To the payment page"
    heading="To the payment page"
    goesTo={location}
    lead={
      <p>
        {"You save your card at "}
        <bdi class="strong" safe>
          {host}
        </bdi>
        . Nothing is charged there.
      </p>
    }
  >
    <Button kind="primary" wide href={location} label="Continue" />
  </AuthLayout>
)
