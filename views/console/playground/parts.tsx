// What the tabs of the playground have in common: tabs, the form, a refusal, the call as code.
import type { CodeTabsProps } from "../../ui/index.ts"
import {
  Button,
  CodeTabs,
  ErrorSummary,
  FieldOf,
  Form,
  type FormView,
  Notice,
  summaryOf,
  Tabs,
} from "../../ui/index.ts"
import type { PlaygroundRefusal } from "./types.ts"

export const LEAD =
  "Try models with your own credits: each answer is a call of yours, charged as one with your API key."

const TABS = [
  { label: "Chat", href: "/playground" },
  { label: "Pictures", href: "/playground/pictures" },
  { label: "Speech", href: "/playground/speech" },
  { label: "Recordings", href: "/playground/recordings" },
  { label: "Videos", href: "/playground/videos" },
] as const
export type PlaygroundTab = (typeof TABS)[number]["label"]

export function PlaygroundTabs({ here }: { here: PlaygroundTab }): JSX.Element {
  return (
    <div class="playground-about">
      <Tabs label="What is made" tabs={TABS.map((tab) => ({ ...tab, current: tab.label === here }))} />
      <p class="quiet">
        <code>capability:…</code>
        {" is whichever model is best at that for you now; "}
        <code>sandbox</code>
        {" answers by rule on this server, to try things out, and is charged as a model is. "}
        <a href="/models">Models and prices</a>
      </p>
    </div>
  )
}

/** The form of a tab: it makes something, or writes the call as code and makes nothing. */
export function PlaygroundAsk({ form, csrf }: { form: FormView; csrf: string }): JSX.Element {
  const errors = summaryOf(form)
  const choice = form.fields.find(({ name }) => name === "model")
  const hasFile = form.fields.some(({ control }) => control === "file")
  const asked = form.fields.filter(({ name }) => name !== "want")
  const nobody = choice?.options?.length === 0
  return (
    <Form action={form.action} csrf={csrf} class="form playground-ask" withFiles={hasFile}>
      {errors ? <ErrorSummary errors={errors} /> : null}
      {nobody ? <p class="quiet">No model here makes this yet, or your plan reaches none.</p> : null}
      {asked.map((field) => (
        <FieldOf field={field} />
      ))}
      <p class="playground-acts">
        <Button kind="primary" label={form.submit} />
        <Button name="want" value="code" label="Show as code" />
      </p>
    </Form>
  )
}

export function Refusal({ refusal }: { refusal: PlaygroundRefusal }): JSX.Element {
  return (
    <Notice tone="bad" text={refusal.message}>
      <p>
        <span class="quiet num" safe>
          {`${refusal.status} ${refusal.code}`}
        </span>
      </p>
      {refusal.topUp ? (
        <p>
          <a href="/credits">Add credits</a>
        </p>
      ) : null}
    </Notice>
  )
}

/** The same call from a program; the key is the reader's to put in. */
export function AsCode({ code }: { code: CodeTabsProps["tabs"] }): JSX.Element {
  return (
    <section id="code" class="playground-code" aria-labelledby="code-title">
      <h2 id="code-title">The same as code</h2>
      {code.length === 0 ? (
        <p class="quiet">“Show as code” writes this call as curl, JavaScript and Python.</p>
      ) : (
        <>
          <p class="quiet">
            It reads your key from <code>PURSER_API_KEY</code>. <a href="/keys/new">Make a key</a>
          </p>
          <CodeTabs id="call" title="This call" tabs={code} />
        </>
      )}
    </section>
  )
}
