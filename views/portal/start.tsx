// The three steps of a developer's first visit, one at a time on /developer.
import type { Frame } from "../layout/frame.ts"
import { CopyLine, Fields, FormOf, type FormView, Secret } from "../ui/index.ts"
import { FirstCall, StartCode } from "./first-call.tsx"
import { RedirectChecks } from "./redirect-lines.tsx"
import type { SnippetInput } from "./snippet.ts"
import { TestCall, type TestCallProps } from "./test-call.tsx"

/** Basis points of the model's price. */
export interface SharesShown {
  usualBp: number
  /** Of any model. */
  minBp: number
  maxBp: number
  /** What a developer may choose for an app. */
  own: { min: number; max: number }
}

interface AgreementProps {
  frame: Frame
  shares: SharesShown
  form: FormView
}

const percent = (bp: number): string => `${bp / 100}%`

/** One sentence where one share is for all. */
function sharesSaid({ usualBp, minBp, maxBp, own }: SharesShown): string {
  const usual = `You earn ${percent(usualBp)} of the model price of every call your app makes`
  const some = minBp === maxBp ? "." : `, and for some models from ${percent(minBp)} to ${percent(maxBp)}.`
  const choice =
    own.min === own.max ? "" : ` For each app you may choose from ${percent(own.min)} to ${percent(own.max)}.`
  return `${usual}${some}${choice}`
}

export function StartAgreement({ frame, shares, form }: AgreementProps): JSX.Element {
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title">Accept the agreement</h2>
      <ul>
        {[
          sharesSaid(shares),
          "Ask only for what your app needs, and say plainly what you do with it.",
          "Do not resell tokens or share an access token between people.",
          "Your app can be suspended when it harms the people who use it.",
        ].map((line) => (
          <li safe>{line}</li>
        ))}
      </ul>
      <p>
        <a href="/developer-agreement" target="_blank" rel="noopener">
          Read the whole agreement
        </a>
      </p>
      <FormOf form={form} csrf={frame.csrf} />
    </section>
  )
}

interface AppProps {
  frame: Frame
  form: FormView
}

/** Fields that most first apps can leave as they are. */
const LATER = ["scope", "test_mode"]
/** What the app's own page asks for. */
const NOT_YET = ["homepage_url", "policy_uri", "tos_uri"]

/** The way back leads here, for the form says that it is the first. */
export function StartApp({ frame, form }: AppProps): JSX.Element {
  const isLater = ({ name }: FormView["fields"][number]) => LATER.includes(name)
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title">Create your first app</h2>
      <FormOf form={form} csrf={frame.csrf} class="form page-form app-form">
        <Fields
          form={{ fields: form.fields.filter((field) => !isLater(field) && !NOT_YET.includes(field.name)) }}
          below={{ redirect_uris: <RedirectChecks form=".app-form" /> }}
        />
        <details class="change" {...{ open: form.errors !== undefined }}>
          <summary>Scopes and test mode</summary>
          <div class="form">
            <Fields form={{ fields: form.fields.filter(isLater) }} />
          </div>
        </details>
      </FormOf>
    </section>
  )
}

export interface FirstCallStart {
  app: { id: string; name: string }
  input: SnippetInput
  test: Omit<TestCallProps, "csrf" | "now" | "isFirst">
  /** A secret made by the request before; shown once. */
  newSecret?: string | undefined
}

interface CallProps {
  csrf: string
  now: number
  start: FirstCallStart
}

export function StartCall({ csrf, now, start }: CallProps): JSX.Element {
  return (
    <>
      {start.newSecret ? (
        <Secret id="new-secret" title="Your client secret" secret={start.newSecret} doneHref="/developer" />
      ) : null}
      <section aria-labelledby="start-title">
        <h2 id="start-title">Make the first call</h2>
        <p>
          {"Through "}
          <a href={`/developer/apps/${encodeURIComponent(start.app.id)}`}>
            <bdi safe>{start.app.name}</bdi>
          </a>
          {", with your own account. Your daily credits are enough. Or follow "}
          <a href="/docs/tutorials/first-app">your first app, step by step</a>
          {", and a page of your own makes it."}
        </p>
        <dl class="facts wide">
          <div>
            <dt>Client id</dt>
            <dd>
              <CopyLine id="client-id" text={start.app.id} />
            </dd>
          </div>
        </dl>
        <TestCall {...start.test} csrf={csrf} now={now} isFirst />
        <div role="status">
          <FirstCall appId={start.app.id} firstCallMs={null} now={now} />
        </div>
        <details class="change">
          <summary>Next: sign people in to your app</summary>
          <p>Five lines in a terminal: sign-in, the consent page, and a call with the credits of whoever signed in.</p>
          <StartCode input={start.input} terminalFirst />
        </details>
      </section>
    </>
  )
}
