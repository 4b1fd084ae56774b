// The front page: what this is, how it works, for people, for developers and for those who run it.
import { CREDITS_WORTH, type Nano } from "../../src/app/units.ts"
import { assetUrl } from "../layout/assets.ts"
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { plural } from "../ui/format.ts"
import { Button, CodeBlock, CreditsNumber, Icon, type IconName, Table } from "../ui/index.ts"

/** n$ a million tokens. */
export interface ModelPrice {
  name: string
  inputNano: Nano
  outputNano: Nano
}

export interface LandingProps {
  frame: Frame
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** A model that answers on this server. */
  sampleModel: string
  /** Free credits of a day, whole credits. */
  dailyCredits: number
  /** Some of the models that answer here, cheapest first, and how many more there are. Empty: none is connected yet. */
  prices: { models: readonly ModelPrice[]; more: number }
}

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

export function LandingPage({ frame, apiBaseUrl, sampleModel, dailyCredits, prices }: LandingProps): JSX.Element {
  return (
    <PublicLayout
      frame={frame}
      title="Purser"
      description="One sign-in and one credit balance for every AI app, under limits you set."
    >
      <Hero isSignedIn={frame.user !== undefined} dailyCredits={dailyCredits} />
      <Picture
        frame={frame}
        name="dashboard"
        alt="A dashboard: the balance in credits, what was used today and this month, and which apps used it."
        width={1280}
        height={736}
        phone={{ width: 400, height: 456 }}
      />
      <HowItWorks />
      <ForPeople frame={frame} />
      <Prices prices={prices} dailyCredits={dailyCredits} />
      <ForDevelopers apiBaseUrl={apiBaseUrl} sampleModel={sampleModel} />
      <ForOperators />
    </PublicLayout>
  )
}

function Hero({ isSignedIn, dailyCredits }: { isSignedIn: boolean; dailyCredits: number }): JSX.Element {
  return (
    <section class="hero">
      <h1>One balance for every AI app you use</h1>
      <p class="lead">
        Sign in to AI apps with one account. They spend your credits under a daily limit that you set, and you see where
        every credit went.
      </p>
      <div class="actions">
        <Button
          kind="primary"
          href={isSignedIn ? "/dashboard" : "/signup"}
          label={isSignedIn ? "Open dashboard" : "Create an account"}
        />
        <Button href="/developer" label="Build an app" />
      </div>
      {dailyCredits > 0 && !isSignedIn ? (
        <p class="quiet" safe>{`${plural(dailyCredits, "free credit")} a day, no card needed. ${CREDITS_WORTH}.`}</p>
      ) : null}
    </section>
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

function ForPeople({ frame }: { frame: Frame }): JSX.Element {
  return (
    <section class="beside" aria-labelledby="users-title">
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
      </div>
      <Picture
        frame={frame}
        name="consent"
        alt="The page that asks before an app may spend: who made it, what it wants, and how many credits a day at most."
        width={400}
        height={736}
      />
    </section>
  )
}

/** What a credit is worth and what it buys here. Prices are those that a person pays, shares included. */
function Prices({ prices, dailyCredits }: Pick<LandingProps, "prices" | "dailyCredits">): JSX.Element {
  return (
    <section class="beside" aria-labelledby="prices-title">
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
            <p class="quiet" safe>{`And ${plural(prices.more, "more model", "more models")}.`}</p>
          ) : null}
        </div>
      ) : null}
    </section>
  )
}

function ForDevelopers({ apiBaseUrl, sampleModel }: Pick<LandingProps, "apiBaseUrl" | "sampleModel">): JSX.Element {
  return (
    <section class="beside for-developers" aria-labelledby="developers-title">
      <div>
        <h2 id="developers-title">For developers</h2>
        <p>
          Your users bring their own credits. Add sign-in with an OpenID Connect library, point the OpenAI SDK here, and
          pass the user’s token as the key.
        </p>
        <Ticks
          lines={[
            "No provider keys in your app, no bill for your users’ calls.",
            "You earn a share of every call your app makes.",
            "Standard OAuth and the OpenAI API: the libraries you know keep working.",
          ]}
        />
        <Button href="/developer" label="Get a client id" />
      </div>
      <CodeBlock
        id="landing-code"
        title="TypeScript"
        code={`import OpenAI from "openai"

const ai = new OpenAI({
  baseURL: ${JSON.stringify(apiBaseUrl)},
  apiKey: userToken,
})
await ai.chat.completions.create({
  model: ${JSON.stringify(sampleModel)},
  messages: [{ role: "user", content: "Hi" }],
})`}
      />
    </section>
  )
}

function ForOperators(): JSX.Element {
  return (
    <section class="beside" aria-labelledby="operators-title">
      <div>
        <h2 id="operators-title">For those who run it</h2>
        <p>
          One file, one database, your own keys at the AI providers. Every movement of credits is double-entry and
          hash-chained, and one command proves the books.
        </p>
        <Ticks
          lines={[
            "No queue, no cache and no second database to run.",
            "You set prices, shares and free credits. Nobody spends what is not there.",
          ]}
        />
      </div>
      <CodeBlock
        id="landing-run"
        title="Shell"
        code={`export PURSER_BASE_URL=https://ai.example.com
purser serve

# Proves the books
purser ledger verify`}
      />
    </section>
  )
}

function Ticks({ lines }: { lines: readonly string[] }): JSX.Element {
  return (
    <ul class="ticks plain">
      {lines.map((line) => (
        <li>
          <Icon name="check" />
          <span safe>{line}</span>
        </li>
      ))}
    </ul>
  )
}

interface PictureProps {
  frame: Frame
  /** Made by test/tools/screenshots.ts as public/images/<name>-light.webp and -dark.webp. */
  name: "dashboard" | "consent"
  alt: string
  width: number
  height: number
  /** Another picture of the same, as a phone shows it: public/images/<name>-phone-<theme>.webp. */
  phone?: { width: number; height: number }
}

/** A picture of the product in the theme of this page; a chosen theme needs no second source. */
function Picture({ frame, name, alt, width, height, phone }: PictureProps): JSX.Element {
  const themes = frame.theme === "system" ? (["dark", "light"] as const) : ([frame.theme] as const)
  const file = (theme: "light" | "dark", shape = "") => assetUrl(`images/${name}${shape}-${theme}.webp`)
  const dark = "(prefers-color-scheme: dark)"
  return (
    <picture class={`shot ${name}`}>
      {phone
        ? themes.map((theme) => (
            <source
              media={themes.length > 1 && theme === "dark" ? `(width <= 30rem) and ${dark}` : "(width <= 30rem)"}
              srcset={file(theme, "-phone")}
              {...{ width: phone.width, height: phone.height }}
            />
          ))
        : null}
      {frame.theme === "system" ? <source media={dark} srcset={file("dark")} /> : null}
      <img
        src={file(frame.theme === "dark" ? "dark" : "light")}
        alt={alt}
        width={String(width)}
        height={String(height)}
        loading={name === "consent" ? "lazy" : "eager"}
        decoding="async"
      />
    </picture>
  )
}
