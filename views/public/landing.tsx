// The front page: what this is, how it works, for users and for developers.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button, CodeBlock, Icon, type IconName } from "../ui/index.ts"

export interface LandingProps {
  frame: Frame
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** A model that answers on this server. */
  sampleModel: string
  /** Free credits of a day, whole credits. */
  dailyCredits: number
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
    text: "App, model, tokens, price: each charge explains itself, to the last decimal.",
  },
]

export function LandingPage({ frame, apiBaseUrl, sampleModel, dailyCredits }: LandingProps): JSX.Element {
  return (
    <PublicLayout
      frame={frame}
      title="Purser"
      description="One sign-in and one credit balance for every AI app, under limits you set."
    >
      <section class="hero">
        <h1>One balance for every AI app you use</h1>
        <p class="lead">
          Sign in to AI apps with one account. They spend your credits under a daily limit that you set, and you see
          where every credit went.
        </p>
        <div class="actions">
          <Button
            kind="primary"
            href={frame.user ? "/dashboard" : "/signup"}
            label={frame.user ? "Open your dashboard" : "Create an account"}
          />
          <Button href="/developer" label="Build an app" />
        </div>
        {dailyCredits > 0 ? (
          <p class="quiet" safe>{`${dailyCredits} free credits every day. No card needed.`}</p>
        ) : null}
      </section>
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
      <section class="for-developers" aria-labelledby="developers-title">
        <div>
          <h2 id="developers-title">For developers</h2>
          <p>
            Your users bring their own credits. Add sign-in with any OpenID Connect library, point the OpenAI SDK here,
            and pass the user's token as the key.
          </p>
          <ul class="ticks plain">
            {[
              "No provider keys in your app, no bill for your users' calls.",
              "You earn a share of every call your app makes.",
              "Standard OAuth and the OpenAI API: nothing to learn, nothing to lock you in.",
            ].map((line) => (
              <li>
                <Icon name="check" />
                <span safe>{line}</span>
              </li>
            ))}
          </ul>
          <Button href="/developer" label="Get a client id" />
        </div>
        <CodeBlock
          id="landing-code"
          title="TypeScript"
          code={`import OpenAI from "openai"

const ai = new OpenAI({
  baseURL: ${JSON.stringify(apiBaseUrl)},
  apiKey: userAccessToken, // from signing in
})

const story = await ai.chat.completions.create({
  model: ${JSON.stringify(sampleModel)},
  messages: [{ role: "user", content: "A story" }],
})`}
        />
      </section>
      <section aria-labelledby="users-title">
        <h2 id="users-title">For people who use AI apps</h2>
        <div class="columns">
          <p>
            An app has to ask before it spends, and you choose the most it may use per day. Change the limit or revoke
            the app at any time: it stops with the next request.
          </p>
          <p>
            Your balance never goes below zero. Each charge shows the app, the model and the price it was made of, so
            the figures on your dashboard add up.
          </p>
        </div>
      </section>
    </PublicLayout>
  )
}
