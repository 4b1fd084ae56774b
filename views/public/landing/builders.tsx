// For those who build on this server, and for those who run one: code that works as it stands here.
import { Button, CodeBlock, Icon } from "../../ui/index.ts"
import { Ticks } from "./ticks.tsx"
import type { LandingProps } from "./types.ts"

/** The app of five lines, as it runs against this server. */
const appOf = ({ signInUrl }: LandingProps): string => `<script type="module">
  import { purser } from "${signInUrl}/sdk.js"
  const ai = purser("YOUR_CLIENT_ID")
  ask.onclick = async () =>
    out.append((await ai.chat("A haiku about the sea")).text)
</script>
<purser-button client="YOUR_CLIENT_ID"></purser-button>
<button id="ask">Ask</button> <pre id="out"></pre>`

export function ForDevelopers(props: LandingProps): JSX.Element {
  const { apiBaseUrl, sampleModel, sharePercent } = props
  return (
    <section class="beside for-developers" aria-labelledby="developers-title" id="developers">
      <div>
        <h2 id="developers-title">For developers</h2>
        <p>
          Your users bring their own credits. A page of five lines signs people in and asks a model, with no server of
          yours behind it.
        </p>
        <Ticks
          lines={[
            "No provider keys in your app, no bill for your users’ calls.",
            ...(sharePercent > 0
              ? [`You earn ${sharePercent}% of the model’s price with every call your app makes.`]
              : []),
            "Standard OAuth and the OpenAI API: the libraries you know keep working.",
          ]}
        />
        <div class="actions">
          <Button href="/developer" label="Get a client id" />
          <a href="/docs/tutorials/first-app">Your first app, step by step</a>
        </div>
      </div>
      <div class="codes">
        <CodeBlock id="landing-app" title="A whole app" language="html" code={appOf(props)} />
        <CodeBlock
          id="landing-code"
          title="With the OpenAI SDK"
          language="typescript"
          code={`const ai = new OpenAI({
  baseURL: ${JSON.stringify(apiBaseUrl)},
  apiKey: userToken,
})
await ai.chat.completions.create({
  model: ${JSON.stringify(sampleModel)},
  messages: [{ role: "user", content: "Hi" }],
})`}
        />
      </div>
    </section>
  )
}

export function ForOperators({ signInUrl, version, isWell }: LandingProps): JSX.Element {
  return (
    <section class="beside" aria-labelledby="operators-title" id="operators">
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
            "Name, logo, colours, texts and legal pages are yours.",
          ]}
        />
        <p>
          <a href="/docs/how-to/install">Install it</a>
        </p>
      </div>
      <div class="codes">
        <CodeBlock
          id="landing-run"
          title="Shell"
          language="bash"
          code={`export PURSER_BASE_URL=${signInUrl}
purser serve

# Proves the books
purser ledger verify`}
        />
        <p class={isWell ? "state ok" : "state warn"}>
          <Icon name={isWell ? "check" : "alert"} />
          {isWell ? (
            <span safe>{`This server runs version ${version}. All its parts work.`}</span>
          ) : (
            <span>A part of this server is down now.</span>
          )}
        </p>
      </div>
    </section>
  )
}
