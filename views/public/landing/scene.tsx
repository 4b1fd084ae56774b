// Pictures of the product, drawn by the product: its own parts with this server's prices and limits, in the theme of the page. They are
// pictures: nothing in them can be pressed, and who listens hears what they show in a sentence.
import type { Children } from "@kitajs/html"
import { type Nano, nano } from "../../../src/app/units.ts"
import { count, creditsText, plural } from "../../ui/format.ts"
import { Avatar, CreditMeter, Credits, CreditsTogether, Icon } from "../../ui/index.ts"
import { apportion, creditPlaces, creditStep } from "../../ui/together.ts"
import type { LandingProps, SampleCharge } from "./types.ts"

/** An app that does not exist. */
const APP = "Storyteller"
/** …and others beside it, with the calls that each made today. */
const OTHERS = [
  { name: APP, calls: 12 },
  { name: "Margin Notes", calls: 5 },
  { name: "Kitchen Helper", calls: 2 },
] as const

function Picture({ name, alt, children }: { name: string; alt: string; children: Children }): JSX.Element {
  return (
    <div class={`shot ${name}`} role="img" {...{ "aria-label": alt }}>
      {children}
    </div>
  )
}

type Asked = Pick<LandingProps, "limit" | "charge" | "scopeSentence">

const chatsOf = (limit: Nano, charge: SampleCharge): string =>
  plural(Math.floor(limit / Math.max(1, charge.total)), "chat")

/** The page that asks before an app may spend. */
export function AskPicture({ limit, charge, scopeSentence }: Asked): JSX.Element {
  return (
    <Picture
      name="ask"
      alt={`The page that asks: ${APP} wants to chat with AI models, for at most ${creditsText(limit)} a day. Cancel, or Approve.`}
    >
      <p class="shot-head">
        <Avatar name={APP} large />
        <span>
          <span class="shot-title">{`Connect ${APP}`}</span>
          <span class="quiet">An example app</span>
        </span>
      </p>
      <p class="strong">It may spend your credits to</p>
      <p class="shot-line">
        <Icon name="check" />
        <span safe>{scopeSentence}</span>
      </p>
      <p class="shot-limit">
        <span class="strong">At most per day</span>
        <span class="shot-field">
          <Credits amount={limit} />
        </span>
        {charge === null ? null : <span class="quiet" safe>{`about ${chatsOf(limit, charge)}`}</span>}
      </p>
      <p class="shot-pair">
        <span class="button plain">Cancel</span>
        <span class="button primary">Approve</span>
      </p>
    </Picture>
  )
}

/** One charge, opened. */
export function ChargePicture({ charge }: { charge: SampleCharge }): JSX.Element {
  const parts = [
    { label: "Model", amount: charge.upstream },
    { label: "The app’s developer", amount: charge.developer },
    { label: "This server", amount: charge.platform },
  ].filter(({ amount }) => amount > 0)
  const amounts = parts.map(({ amount }) => amount)
  // Figures beside each other add up to the eye.
  const places = creditPlaces(amounts)
  const shown = apportion(amounts, creditStep(places), "up")
  const tokens = `${count(charge.inputTokens)} tokens in, ${count(charge.outputTokens)} out`
  return (
    <Picture name="charge" alt={`A charge: ${charge.model}, ${tokens}, ${creditsText(charge.total)}.`}>
      <p class="shot-sum">
        <span>
          <span class="strong">{APP}</span>
          {" · "}
          <bdi safe>{charge.model}</bdi>
        </span>
        <span class="strong">
          <CreditsTogether amount={nano(-charge.total)} places={places} way="up" />
        </span>
      </p>
      <p class="quiet" safe>
        {tokens}
      </p>
      {parts.map((part, index) => (
        <p class="shot-sum">
          <span class="quiet" safe>
            {part.label}
          </span>
          <CreditsTogether amount={nano(shown[index]!)} places={places} way="up" />
        </p>
      ))}
    </Picture>
  )
}

/** Who can spend, and what is left of today. */
export function AppsPicture({ limit, charge }: { limit: Nano; charge: SampleCharge }): JSX.Element {
  return (
    <Picture name="apps" alt="Apps that can spend your credits, each with what it used today of its daily limit.">
      <p class="shot-title">Apps</p>
      {OTHERS.map(({ name, calls }) => (
        <div class="shot-app">
          <Avatar name={name} />
          <div>
            <span class="strong">{name}</span>
            <CreditMeter label={name} used={nano(Math.min(limit, charge.total * calls))} limit={limit} />
          </div>
          <span class="button plain small">Revoke</span>
        </div>
      ))}
    </Picture>
  )
}
