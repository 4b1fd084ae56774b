// The front page: what this is, shown by the thing itself; for people, for developers and for those who run it.
import { CREDITS_WORTH } from "../../../src/app/units.ts"
import { pointsOfPackage } from "../../console/credits/buy.tsx"
import { BRAND } from "../../layout/brand.tsx"
import { cardAt } from "../../layout/head.tsx"
import { PublicLayout } from "../../layout/public.tsx"
import { count, plural, usdText } from "../../ui/format.ts"
import { Button, CreditsNumber, Icon, type IconName, PriceCard, PriceCards, Table } from "../../ui/index.ts"
import { ForDevelopers, ForOperators } from "./builders.tsx"
import { AppsPicture, AskPicture, ChargePicture } from "./scene.tsx"
import { Ticks } from "./ticks.tsx"
import type { LandingProps } from "./types.ts"

const STEPS: readonly { icon: IconName; title: string; text: string }[] = [
  {
    icon: "lock",
    title: "Sign in once",
    text: "One account opens every app that offers it. The app never sees your password.",
  },
  {
    icon: "gauge",
    title: "Set a limit",
    text: "You say how many credits an app may spend per day. It cannot spend one more.",
  },
  {
    icon: "coin",
    title: "See every charge",
    text: "App, model, tokens and price: open any charge and see how it came about.",
  },
]

/** GET / */
export function LandingPage(props: LandingProps): JSX.Element {
  return (
    <PublicLayout
      frame={props.frame}
      title={props.frame.brand?.name ?? BRAND.name}
      description={props.lead}
      sheet="landing"
      card={cardAt("/home", props.claim)}
    >
      <Hero {...props} />
      <Counts {...props} />
      <HowItWorks />
      <ForPeople {...props} />
      <ForDevelopers {...props} />
      <Prices {...props} />
      <ForOperators {...props} />
      <Onwards {...props} />
    </PublicLayout>
  )
}

function Hero(props: LandingProps): JSX.Element {
  const { frame, claim, lead, dailyCredits, charge } = props
  const isSignedIn = frame.user !== undefined
  return (
    <section class="hero">
      <div class="hero-words">
        <h1 safe>{claim}</h1>
        <p class="lead" safe>
          {lead}
        </p>
        <div class="actions">
          <Button
            kind="primary"
            href={isSignedIn ? "/dashboard" : "/signup"}
            label={isSignedIn ? "Open dashboard" : "Create an account"}
          />
          <Button href="#developers" label="Build an app" />
        </div>
        {dailyCredits > 0 && !isSignedIn ? (
          <p class="quiet" safe>{`${plural(dailyCredits, "free credit")} a day, no card needed. ${CREDITS_WORTH}.`}</p>
        ) : null}
      </div>
      <div class="scene">
        <AskPicture {...props} />
        {charge === null ? null : <ChargePicture charge={charge} />}
      </div>
    </section>
  )
}

/** What is there, where there is something to count. */
function Counts({ counts }: LandingProps): JSX.Element {
  const some = counts.filter(({ value }) => value > 0)
  if (some.length === 0) return ""
  return (
    <dl class="counts">
      {some.map(({ label, value }) => (
        <div>
          <dt safe>{label}</dt>
          <dd class="num" safe>
            {count(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function HowItWorks(): JSX.Element {
  return (
    <section aria-labelledby="how-title">
      <h2 id="how-title">How it works</h2>
      <ol class="plain features">
        {STEPS.map((step) => (
          <li>
            <Icon name={step.icon} />
            <h3 safe>{step.title}</h3>
            <p safe>{step.text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function ForPeople(props: LandingProps): JSX.Element {
  return (
    <section class="beside" aria-labelledby="users-title" id="people">
      <div>
        <h2 id="users-title">For people who use AI apps</h2>
        <p>
          An app has to ask before it spends, and you choose the most it may use per day. You see who made it, what it
          wants, and what that can cost you at most.
        </p>
        <Ticks
          lines={[
            "Change a limit or revoke an app at any time: it stops with the next request.",
            "No app can spend more than you have.",
            "Each charge shows the app, the model and what made up its price.",
          ]}
        />
        <p>
          <a href="/docs/explanation/for-users">What you can do with an account</a>
        </p>
      </div>
      {props.charge === null ? null : <AppsPicture limit={props.limit} charge={props.charge} />}
    </section>
  )
}

/** What a credit is worth and what it buys here. Prices are those that a person pays, shares included. */
function Prices(props: LandingProps): JSX.Element {
  const { prices, dailyCredits } = props
  return (
    <section aria-labelledby="prices-title" id="prices">
      <div class="beside">
        <div>
          <h2 id="prices-title">What it costs</h2>
          <p safe>{`${CREDITS_WORTH}. You pay for what a call used, to the token, whichever app made it.`}</p>
          <Ticks
            lines={[
              ...(dailyCredits > 0 ? [`${plural(dailyCredits, "credit")} a day are free.`] : []),
              "The price has everything in it: the model, the app’s share and this server’s.",
              "Before a call runs, its most is set aside; what it did not use comes back at once.",
            ]}
          />
          <p>
            <a href="/pricing">All prices and plans</a>
          </p>
        </div>
        {prices.models.length > 0 ? (
          <div class="prices">
            <Table
              caption="Credits for a million tokens"
              compact
              columns={[{ label: "Model" }, { label: "In", numeric: true }, { label: "Out", numeric: true }]}
              rows={prices.models.map((model) => [
                <bdi safe>{model.name}</bdi>,
                <CreditsNumber amount={model.inputNano} />,
                <CreditsNumber amount={model.outputNano} />,
              ])}
            />
            {prices.more > 0 ? (
              <p class="quiet">
                <a href="/models" safe>{`And ${plural(prices.more, "more model", "more models")}`}</a>
              </p>
            ) : null}
          </div>
        ) : null}
      </div>
      <Sold {...props} />
    </section>
  )
}

function Sold({ packages, plans }: LandingProps): JSX.Element {
  if (packages.length + plans.length === 0) return ""
  return (
    <PriceCards isShort>
      {packages.map((one) => (
        <PriceCard name={one.name} price={usdText(one.price)} per="once" points={pointsOfPackage(one)} />
      ))}
      {plans.map((plan) => (
        <PriceCard {...plan} />
      ))}
    </PriceCards>
  )
}

const WAYS: readonly { href: string; title: string; text: string; icon: IconName }[] = [
  { href: "/docs", title: "Documentation", text: "Guides, reference and examples that run.", icon: "book" },
  { href: "/directory", title: "Apps", text: "Where your account and your credits work.", icon: "apps" },
  {
    href: "/marketplace",
    title: "Marketplace",
    text: "APIs by other developers, paid with the same credits.",
    icon: "market",
  },
  { href: "/pricing", title: "Pricing", text: "Credits, plans and what every model costs.", icon: "receipt" },
]

function Onwards({ frame }: LandingProps): JSX.Element {
  return (
    <section aria-labelledby="on-title">
      <h2 id="on-title">Look around</h2>
      <ul class="plain features ways">
        {WAYS.map((way) => (
          <li>
            <Icon name={way.icon} />
            <h3>
              <a href={way.href} safe>
                {way.title}
              </a>
            </h3>
            <p safe>{way.text}</p>
          </li>
        ))}
      </ul>
      {frame.user ? null : (
        <div class="actions">
          <Button kind="primary" href="/signup" label="Create an account" />
        </div>
      )}
    </section>
  )
}
