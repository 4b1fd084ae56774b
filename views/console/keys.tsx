// A person's own API keys: which there are, what each may do, what was spent with it. The pages that make one, roll one and end one.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { creditsExact } from "../ui/format.ts"
import { Badge, Button, CodeTabs, Credits, Empty, type FormView, Secret, When } from "../ui/index.ts"

export interface KeyRow {
  /** Public id, used in the paths below. */
  id: string
  name: string
  /** `sk_live_Ab12` */
  prefix: string
  mode: "live" | "test"
  state: KeyStateName
  /** In a word or two each: "Chat". */
  scopes: readonly string[]
  createdMs: number
  lastUsedMs: number | null
  expiresMs: number | null
  spent: Nano
}

export type KeyStateName = "active" | "off" | "expired" | "revoked" | "reported"

const STATES: Readonly<Record<KeyStateName, { text: string; tone: "ok" | "warn" | "bad" | "neutral" }>> = {
  active: { text: "Active", tone: "ok" },
  off: { text: "Switched off", tone: "warn" },
  expired: { text: "Expired", tone: "warn" },
  revoked: { text: "Revoked", tone: "neutral" },
  reported: { text: "Found in public, revoked", tone: "bad" },
}

export function KeyState({ state }: { state: KeyStateName }): JSX.Element {
  return <Badge {...STATES[state]} />
}

export const keyPath = (id: string): string => `/keys/${encodeURIComponent(id)}`

/** What a call with a key costs by the person's plan. */
export interface KeyTermsWords {
  planName: string
  freeModelsOnly: boolean
  /** "10%" on what the model costs; null = nothing is added. */
  markup: string | null
  /** For 1,000 tokens of a free model. */
  freePer1k: Nano
}

export interface KeysProps {
  frame: Frame
  now: number
  terms: KeyTermsWords
  keys: readonly KeyRow[]
}

/** GET /keys/new and /keys/:id lead on. */
export function KeysPage({ frame, now, terms, keys }: KeysProps): JSX.Element {
  const make = <Button kind="primary" href="/keys/new" icon="plus" label="New API key" />
  return (
    <ListPage
      frame={frame}
      title="API keys"
      lead="Keys for your own programs. Whoever has one spends your credits, within what you allow it."
      action={keys.length > 0 ? make : undefined}
      filters={<Terms {...terms} />}
      table={{
        caption: "API keys",
        columns: [
          { label: "Name" },
          { label: "Key" },
          { label: "May use", minor: true },
          { label: "Created", minor: true },
          { label: "Last used" },
          { label: "Works until", minor: true },
          { label: "Spent", numeric: true },
        ],
        rows: keys.map((key) => [
          <>
            <a href={keyPath(key.id)}>
              <bdi safe>{key.name}</bdi>
            </a>
            {key.state === "active" ? null : (
              <>
                {" "}
                <KeyState state={key.state} />
              </>
            )}
            {key.mode === "test" ? (
              <>
                {" "}
                <Badge text="Test" />
              </>
            ) : null}
          </>,
          <code safe>{`${key.prefix}…`}</code>,
          <span safe>{key.scopes.join(", ")}</span>,
          <When ms={key.createdMs} now={now} />,
          <When ms={key.lastUsedMs} now={now} />,
          <When ms={key.expiresMs} now={now} never="Until revoked" />,
          <Credits amount={key.spent} />,
        ]),
        empty: (
          <Empty
            title="No key yet"
            text="A key lets a program of yours call models with your credits. Any OpenAI-compatible tool takes one."
            action={make}
          />
        ),
      }}
    />
  )
}

function Terms({ planName, freeModelsOnly, markup, freePer1k }: KeyTermsWords): JSX.Element {
  const free = freePer1k > 0 ? `${creditsExact(freePer1k)} for 1,000 tokens` : "nothing"
  const words = freeModelsOnly
    ? `With your plan, ${planName}, keys reach free models only, for ${free}.`
    : `With your plan, ${planName}, a call with a key costs the price of the model${markup === null ? "" : ` and ${markup}`}; on free models, ${free}.`
  return (
    <p class="quiet">
      <span safe>{words}</span> <a href="/settings/plan">Your plan</a>
      {". What there is to call: "}
      <a href="/reference">API reference</a>.
    </p>
  )
}

export interface KeyNewProps {
  frame: Frame
  form: FormView
}

export function KeyNewPage({ frame, form }: KeyNewProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New API key"
      lead="Give each program a key of its own, so that you can end one without the others."
      up={{ href: "/keys", label: "API keys" }}
      form={form}
      cancelHref="/keys"
    />
  )
}

export interface NewSecretProps {
  id: string
  secret: string
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** A model that answers on this server. */
  model: string
}

/** The key in the only answer that ever shows it, and how it is used. */
export function NewKey({ id, secret, apiBaseUrl, model }: NewSecretProps): JSX.Element {
  return (
    <>
      <Secret
        id="new-key"
        title="Your new key"
        secret={secret}
        doneHref={keyPath(id)}
        note="This is the only time it is shown. Keep it where your program can read it and nobody else can: never in a repository or a page."
      />
      <section aria-labelledby="use-title">
        <h2 id="use-title">Use it</h2>
        <CodeTabs id="use-key" title="A first call" tabs={firstCalls(apiBaseUrl, model)} />
        <p>
          {"What else there is to call: "}
          <a href="/reference">API reference</a>.
        </p>
      </section>
    </>
  )
}

/** The key is read from the environment: what is copied into a program holds no secret. */
function firstCalls(apiBaseUrl: string, model: string) {
  const [base, name] = [JSON.stringify(apiBaseUrl), JSON.stringify(model)]
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello in five words." }] })
  return [
    {
      label: "curl",
      language: "bash" as const,
      code: `export PURSER_API_KEY='sk_live_…'
curl ${quoted(`${apiBaseUrl}/chat/completions`)} \\
  -H "Authorization: Bearer $PURSER_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d ${quoted(body)}`,
    },
    {
      label: "Python",
      language: "python" as const,
      code: `import os
from openai import OpenAI

client = OpenAI(api_key=os.environ["PURSER_API_KEY"], base_url=${base})
answer = client.chat.completions.create(
    model=${name},
    messages=[{"role": "user", "content": "Say hello in five words."}],
)
print(answer.choices[0].message.content)`,
    },
    {
      label: "JavaScript",
      language: "javascript" as const,
      code: `import OpenAI from "openai"

const client = new OpenAI({ apiKey: process.env.PURSER_API_KEY, baseURL: ${base} })
const answer = await client.chat.completions.create({
  model: ${name},
  messages: [{ role: "user", content: "Say hello in five words." }],
})
console.log(answer.choices[0].message.content)`,
    },
  ]
}

/** A word of a POSIX shell: nothing in single quotes means anything but itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export interface KeyActProps {
  frame: Frame
  apiKey: Pick<KeyRow, "id" | "name" | "prefix">
  form: FormView
}

export function KeyRevokePage({ frame, apiKey: key, form }: KeyActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Revoke ${key.name}?`}
      up={{ href: keyPath(key.id), label: key.name }}
      form={{ ...form, submit: `Revoke ${key.name}` }}
      cancelHref={keyPath(key.id)}
      words={[
        "Programs that use it are refused from the next call on, for good. Calls that it has already made stay charged.",
        "To stop it for a while, switch it off instead.",
      ]}
    />
  )
}

export function KeyRollPage({ frame, apiKey: key, form }: KeyActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Give ${key.name} a new secret?`}
      up={{ href: keyPath(key.id), label: key.name }}
      form={form}
      cancelHref={keyPath(key.id)}
      words={["Name, permissions and what was spent stay. The new secret is shown once, on the next page."]}
    />
  )
}
