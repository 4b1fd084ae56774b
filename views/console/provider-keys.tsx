// A person's own keys at AI providers: in which order they are asked, whether they work, and what pays where none answers.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Empty, Form, FormOf, type FormView, Notice, Table, When } from "../ui/index.ts"

export const PROVIDER_KEYS_PATH = "/settings/provider-keys"
const UP = { href: "/settings", label: "Settings" }

export interface ProviderKeyRow {
  publicId: string
  /** Of the provider. */
  label: string
  hint: string
  /** From 0. */
  place: number
  createdMs: number
  test: { atMs: number; ok: boolean; message: string } | null
}

export interface ProviderKeysProps {
  frame: Frame
  now: number
  /** By provider, in the order in which they are asked. */
  keys: readonly ProviderKeyRow[]
  /** Where keys work. */
  providers: readonly string[]
  /** The plan lets calls use them. */
  isAllowed: boolean
  planName: string
  forms: { add: FormView; credits: FormView }
}

export const providerKeyName = ({ label, hint }: Pick<ProviderKeyRow, "label" | "hint">): string =>
  `${label} key …${hint}`

const LEAD =
  "Calls for models of these providers are asked with your keys, and your account there pays for them. Here you pay the share of whoever made the app, and with your own API key nothing."

/** GET and POST /settings/provider-keys */
export function ProviderKeysPage({ frame, now, keys, providers, isAllowed, planName, forms }: ProviderKeysProps) {
  return (
    <ConsoleLayout frame={frame} title="Provider keys" lead={LEAD} up={UP}>
      {isAllowed ? null : <Locked planName={planName} hasKeys={keys.length > 0} />}
      {keys.length > 0 ? (
        <section aria-labelledby="keys-title">
          <h2 id="keys-title">Your keys</h2>
          <Keys frame={frame} now={now} keys={keys} />
          <p class="quiet page-form">
            Of one provider the first key is asked first. Where it is refused or used too often the next one is asked.
          </p>
        </section>
      ) : isAllowed ? null : (
        <Empty
          title="No keys yet"
          text={`With a plan that has them, you can add keys of ${providers.join(", ")}.`}
          action={<Button href="/credits/plans" label="See plans" />}
        />
      )}
      {isAllowed ? (
        <section aria-labelledby="add-title">
          <h2 id="add-title">Add a key</h2>
          <FormOf form={forms.add} csrf={frame.csrf} class="form page-form" />
        </section>
      ) : null}
      {isAllowed ? (
        <section aria-labelledby="credits-title">
          <h2 id="credits-title">Where none answers</h2>
          <FormOf form={forms.credits} csrf={frame.csrf} class="form page-form" isPlain />
        </section>
      ) : null}
    </ConsoleLayout>
  )
}

function Locked({ planName, hasKeys }: { planName: string; hasKeys: boolean }): JSX.Element {
  const rest = hasKeys ? "Yours are kept, and asked for nothing." : ""
  return (
    <Notice
      text={`Your plan, ${planName}, does not use keys of your own now; with some plans they are chosen in place of monthly credits. ${rest}`.trim()}
    />
  )
}

function Keys({ frame, now, keys }: Pick<ProviderKeysProps, "frame" | "now" | "keys">): JSX.Element {
  const seen = new Map<string, number>()
  const isFirst = keys.map(({ label }) => {
    seen.set(label, (seen.get(label) ?? 0) + 1)
    return seen.get(label) === 1
  })
  return (
    <Table
      caption="Your keys at providers"
      hideCaption
      columns={[
        { label: "Key" },
        { label: "Added", minor: true },
        { label: "Last test" },
        { label: "Action", silent: true },
      ]}
      rows={keys.map((key, at) => [
        <span class="person">
          <bdi class="strong" safe>
            {key.label}
          </bdi>
          <span>
            <code safe>{`…${key.hint}`}</code>
            {isFirst[at] && (seen.get(key.label) ?? 0) > 1 ? (
              <>
                {" "}
                <Badge text="Asked first" />
              </>
            ) : null}
          </span>
        </span>,
        <When ms={key.createdMs} now={now} />,
        <Tested test={key.test} now={now} />,
        <div class="actions">
          <Act frame={frame} of={key} act="test" label="Test" />
          {isFirst[at] ? null : <Act frame={frame} of={key} act="first" label="Ask first" />}
          <Button small dialog href={`${pathOf(key)}/removal`} label="Delete" />
        </div>,
      ])}
    />
  )
}

const pathOf = ({ publicId }: Pick<ProviderKeyRow, "publicId">): string =>
  `${PROVIDER_KEYS_PATH}/${encodeURIComponent(publicId)}`

interface ActProps {
  frame: Frame
  of: ProviderKeyRow
  act: "test" | "first"
  label: string
}

const Act = ({ frame, of, act, label }: ActProps): JSX.Element => (
  <Form action={`${pathOf(of)}/${act}`} csrf={frame.csrf} class="cell-form">
    <button class="button plain small" type="submit" aria-label={`${label}: ${providerKeyName(of)}`}>
      <span safe>{label}</span>
    </button>
  </Form>
)

function Tested({ test, now }: { test: ProviderKeyRow["test"]; now: number }): JSX.Element {
  if (!test) return <span class="quiet">Not yet</span>
  return (
    <>
      <Badge tone={test.ok ? "ok" : "bad"} text={test.ok ? "Works" : "Does not work"} />{" "}
      <When ms={test.atMs} now={now} />
      {test.ok ? null : (
        <p class="quiet">
          <bdi safe>{test.message}</bdi>
        </p>
      )}
    </>
  )
}

export const ProviderKeyRemovalPage = ({ frame, name, form }: { frame: Frame; name: string; form: FormView }) => (
  <ConfirmPage
    frame={frame}
    title={`Delete your ${name}?`}
    up={{ href: PROVIDER_KEYS_PATH, label: "Provider keys" }}
    words={[
      "From the next call on it is not asked any more. It still works at its provider: end it there, too, if somebody else may have it.",
    ]}
    form={form}
    cancelHref={PROVIDER_KEYS_PATH}
  />
)
