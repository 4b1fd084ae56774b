// The three steps of a developer's first visit, one at a time on /developer.
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, Choice, ErrorSummary, Form, Secret } from "../ui/index.ts"
import {
  type AppValues,
  NameField,
  RedirectUrisArea,
  ScopeChoices,
  type ScopeOption,
  TestModeChoice,
  TypeChoices,
} from "./app-fields.tsx"
import { FirstCall, StartCode } from "./first-call.tsx"
import type { SnippetInput } from "./snippet.ts"

interface AgreementProps {
  frame: Frame
  sharePercent: number
  errors?: FormErrors | undefined
}

/** POST /developer/agreement: accept=yes, csrf. */
export function StartAgreement({ frame, sharePercent, errors }: AgreementProps): JSX.Element {
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title">Accept the agreement</h2>
      <ErrorSummary errors={errors} />
      <ul>
        {[
          `You earn ${sharePercent}% of the model price of every call your app makes.`,
          "Ask only for what your app needs, and say plainly what you do with it.",
          "Do not resell tokens or share an access token between people.",
          "Your app can be suspended when it harms the people who use it.",
        ].map((line) => (
          <li safe>{line}</li>
        ))}
      </ul>
      <Form action="/developer/agreement" csrf={frame.csrf}>
        <Choice
          name="accept"
          value="yes"
          id="accept"
          label="I accept the developer agreement"
          required
          error={errors?.accept}
        />
        <Button kind="primary" label="Become a developer" />
      </Form>
    </section>
  )
}

interface AppProps {
  frame: Frame
  scopes: readonly ScopeOption[]
  values?: AppValues | undefined
  errors?: FormErrors | undefined
}

/** An address of a developer's own machine: the terminal's lines work with it, and nothing has to run there. */
const FIRST_REDIRECT_URI = "http://127.0.0.1:3000/callback"

/** POST /developer/apps with start=1, which comes back here. */
export function StartApp({ frame, scopes, values, errors }: AppProps): JSX.Element {
  const shown = values ?? { redirect_uris: FIRST_REDIRECT_URI }
  const isChanged = values !== undefined
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title">Create your first app</h2>
      <ErrorSummary errors={errors} />
      <Form action="/developer/apps" csrf={frame.csrf} hidden={{ start: "1" }} class="form page-form">
        <NameField values={shown} errors={errors} />
        <TypeChoices values={shown} errors={errors} />
        <RedirectUrisArea values={shown} errors={errors} />
        <details class="change" {...{ open: isChanged }}>
          <summary>Scopes and test mode</summary>
          <div class="form">
            <ScopeChoices scopes={scopes} values={shown} errors={errors} />
            <TestModeChoice values={shown} />
          </div>
        </details>
        <Button kind="primary" label="Create app" />
      </Form>
    </section>
  )
}

export interface FirstCallStart {
  app: { id: string; name: string }
  input: SnippetInput
  /** A secret made by the request before; shown once. */
  newSecret?: string | undefined
}

interface CallProps {
  now: number
  start: FirstCallStart
}

export function StartCall({ now, start }: CallProps): JSX.Element {
  return (
    <>
      {start.newSecret ? (
        <Secret id="new-secret" title="Your client secret" secret={start.newSecret} doneHref="/developer" />
      ) : null}
      <section aria-labelledby="start-title">
        <h2 id="start-title">Make the first call</h2>
        <p>
          {"Five lines in a terminal, with the client id of "}
          <a href={`/developer/apps/${encodeURIComponent(start.app.id)}`}>
            <bdi safe>{start.app.name}</bdi>
          </a>
          {" in them. The call spends your own credits; the daily ones are enough."}
        </p>
        <StartCode input={start.input} terminalFirst />
        <div role="status">
          <FirstCall appId={start.app.id} firstCallMs={null} now={now} />
        </div>
      </section>
    </>
  )
}
