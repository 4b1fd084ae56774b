// Handing an app over: the offer on the side of its developer, and what the other one reads before they take it.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, FormOf, type FormView, Notice, When } from "../ui/index.ts"

const pathOf = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`
const offerPath = (id: string): string => `/developer/transfers/${encodeURIComponent(id)}`

export interface AppTransferProps {
  frame: Frame
  now: number
  app: { id: string; name: string; hasSecrets: boolean }
  /** Suspended or deleted. */
  closed: boolean
  open: { to: string; endsMs: number } | null
  form: FormView
}

/** What happens with the press of the other one's button. */
const enders = (hasSecrets: boolean): readonly string[] => [
  "It is theirs: its pages, its icon and its figures. Its log of requests begins anew.",
  `${hasSecrets ? "Its client secrets, its" : "Its"} secret keys, test tokens and the tokens of everybody who is signed in to it stop working at once.`,
  "Its webhook endpoints are turned off and get new secrets; the log of what they were sent goes.",
  "Addresses after signing out, and the one that hears of sign-outs, are taken out. Its domain is to be shown anew.",
  "Everybody who allowed it is asked again at their next sign-in, under the new developer’s name. Until then the new one sees nothing of them.",
  "What it earned until then stays yours, also what is not available yet. What it earns from then on is theirs.",
]

export function AppTransferPage({ frame, now, app, closed, open, form }: AppTransferProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Hand the app over"
      section="Developer"
      up={[
        { href: "/developer", label: "Your apps" },
        { href: pathOf(app.id), label: app.name },
      ]}
      lead="Give it to another developer. It stays yours until they accept."
    >
      {closed ? <Notice tone="warn" text="An app that is suspended or deleted is not handed over." /> : null}
      <section aria-labelledby="means-title">
        <h2 id="means-title">When they accept</h2>
        <ul class="page-form">
          {enders(app.hasSecrets).map((line) => (
            <li safe>{line}</li>
          ))}
        </ul>
      </section>
      {open === null ? null : <OpenOffer csrf={frame.csrf} now={now} app={app} open={open} />}
      {open !== null || closed ? null : (
        <section aria-labelledby="offer-title">
          <h2 id="offer-title">Whom it goes to</h2>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref={pathOf(app.id)} />
        </section>
      )}
    </ConsoleLayout>
  )
}

function OpenOffer(props: {
  csrf: string
  now: number
  app: { id: string }
  open: { to: string; endsMs: number }
}): JSX.Element {
  const { csrf, now, app, open } = props
  return (
    <section aria-labelledby="offer-title">
      <h2 id="offer-title">Offered</h2>
      <p>
        {"To "}
        <bdi class="strong" safe>
          {open.to}
        </bdi>
        {". The offer ends "}
        <When ms={open.endsMs} now={now} />.
      </p>
      <Form action={`${pathOf(app.id)}/transfer/revocation`} csrf={csrf}>
        <Button label="Take the offer back" />
      </Form>
    </section>
  )
}

export interface TransferOfferProps {
  frame: Frame
  now: number
  transfer: { id: string; endsMs: number }
  /** The developer’s name. */
  from: string
  app: {
    name: string
    description: string | null
    homepageUrl: string | null
    type: string
    testMode: boolean
    scopes: readonly string[]
    createdMs: number
  }
  form: FormView
}

export function TransferOfferPage({ frame, now, transfer, from, app, form }: TransferOfferProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={`Take ${app.name} over?`}
      section="Developer"
      up={{ href: "/developer", label: "Your apps" }}
      lead={`${from} wants to hand this app over to you.`}
      form={form}
      heading="Take it over"
      words={[
        "From then on you answer for it: for what it asks of people, and for where it sends them. What it earns from then on is yours; what it earned before is not.",
        "Its secrets, keys and tokens of before stop working, so that only you can act for it. Make new ones on its pages. Everybody who allowed it is asked again, under your name.",
      ]}
      before={
        <section aria-labelledby="about-title">
          <h2 id="about-title">The app</h2>
          <Facts wide facts={factsOf(app, transfer.endsMs, now)} />
        </section>
      }
      after={
        <p>
          <Button dialog href={`${offerPath(transfer.id)}/refusal`} label="Decline" />
        </p>
      }
    />
  )
}

const factsOf = (app: TransferOfferProps["app"], endsMs: number, now: number) => [
  { label: "Name", text: app.name },
  ...(app.description === null ? [] : [{ label: "What it does", text: app.description }]),
  ...(app.homepageUrl === null ? [] : [{ label: "Homepage", text: app.homepageUrl }]),
  { label: "Type", text: `${app.type === "public" ? "Public" : "Confidential"}${app.testMode ? ", test mode" : ""}` },
  { label: "May ask for", text: app.scopes.join(", ") },
  { label: "Made", value: <When ms={app.createdMs} now={now} /> },
  { label: "The offer ends", value: <When ms={endsMs} now={now} /> },
]

export function TransferDeclinePage(props: {
  frame: Frame
  transfer: string
  app: string
  form: FormView
}): JSX.Element {
  return (
    <ConfirmPage
      frame={props.frame}
      title={`Decline ${props.app}?`}
      section="Developer"
      up={{ href: offerPath(props.transfer), label: props.app }}
      form={props.form}
      cancelHref={offerPath(props.transfer)}
      words={["It stays with its developer, who gets a mail. They can offer it to you again."]}
    />
  )
}

/** On the first page of developers. */
export function OffersWaiting({
  offers,
}: {
  offers: readonly { id: string; app: string; from: string }[]
}): JSX.Element {
  if (offers.length === 0) return ""
  return (
    <section aria-labelledby="offers-title">
      <h2 id="offers-title">Offered to you</h2>
      {offers.map(({ id, app, from }) => (
        <Notice text={`${from} wants to hand ${app} over to you.`}>
          <p>
            <a href={offerPath(id)}>Read what it means, accept or decline</a>
          </p>
        </Notice>
      ))}
    </section>
  )
}
