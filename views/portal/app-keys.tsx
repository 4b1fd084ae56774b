// The secret keys of an app, by which its own server asks about the app: which there are, a new one, the end of one.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, CodeBlock, Empty, FormOf, type FormView, Secret, Table, When } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"

export interface AppKeyRow {
  id: string
  name: string
  /** First and last characters: "app_live_9fK2…c41a". */
  hint: string
  /** In a word each: "Users". */
  scopes: readonly string[]
  createdAtMs: number
  /** null: until it is revoked. */
  expiresAtMs: number | null
  /** null: never. */
  usedAtMs: number | null
}

export interface AppKeysProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  keys: readonly AppKeyRow[]
  /** Most an app may have at a time. */
  most: number
  /** Made by the request before; shown once. */
  newKey?: string | undefined
  /** Base URL of the API, ending in /v1. */
  apiBaseUrl: string
  form: FormView
}

const COLUMNS = [
  { label: "Name" },
  { label: "Key" },
  { label: "May read" },
  { label: "Created" },
  { label: "Last used" },
  { label: "Expires" },
  { label: "Action", silent: true },
]

/** POST <path>: csrf, name, scope, last_day. */
export function AppKeysPage(props: AppKeysProps): JSX.Element {
  const { frame, now, app, keys, most, newKey, apiBaseUrl, form } = props
  const path = `${appPath(app.id)}/keys`
  return (
    <ConsoleLayout
      frame={frame}
      title="Secret keys"
      section="Developer"
      lead="Your server asks about your app with one of these: who uses it, what it does, what it earns."
      up={{ href: appPath(app.id), label: app.name }}
    >
      <AppTabs app={app} part="keys" />
      {newKey ? <Secret id="new-key" title="Your new secret key" secret={newKey} doneHref={path} /> : null}
      <section aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        {keys.length === 0 ? (
          <Empty title="No key" text="Make one below, and keep it on your server. Whoever has it reads what it may." />
        ) : (
          <Table
            caption="Secret keys"
            hideCaption
            columns={COLUMNS}
            rows={keys.map((key) => [
              <bdi safe>{key.name}</bdi>,
              <code safe>{key.hint}</code>,
              <span safe>{key.scopes.join(", ")}</span>,
              <When ms={key.createdAtMs} now={now} />,
              <When ms={key.usedAtMs} now={now} never="Never" />,
              <Expires at={key.expiresAtMs} now={now} />,
              <Button small dialog href={`${path}/${encodeURIComponent(key.id)}/revocation`} label="Revoke" />,
            ])}
          />
        )}
      </section>
      <section aria-labelledby="new-title">
        <h2 id="new-title">New key</h2>
        {keys.length >= most ? (
          <p class="quiet" safe>{`An app has at most ${most} keys. Revoke one to make another.`}</p>
        ) : (
          <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
        )}
      </section>
      <section aria-labelledby="use-title">
        <h2 id="use-title">Ask about your app</h2>
        <CodeBlock
          id="ask-users"
          title="The users of your app"
          language="bash"
          code={`curl '${apiBaseUrl}/app/users?limit=100' \\\n  -H "Authorization: Bearer $PURSER_APP_KEY"`}
        />
        <p class="quiet">
          {"All there is to ask for stands in the "}
          <a href="/reference?q=app">API reference</a>
          {". A key speaks for your app, for none of its users: it spends nothing and calls no model."}
        </p>
      </section>
    </ConsoleLayout>
  )
}

function Expires({ at, now }: { at: number | null; now: number }): JSX.Element {
  if (at === null) return <span class="quiet">Never</span>
  return at <= now ? <Badge tone="bad" text="Expired" /> : <When ms={at} now={now} />
}

export interface AppKeyRevokeProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  row: AppKeyRow
  form: FormView
}

export function AppKeyRevokePage({ frame, now, app, row: key, form }: AppKeyRevokeProps): JSX.Element {
  const path = `${appPath(app.id)}/keys`
  return (
    <ConfirmPage
      frame={frame}
      title="Revoke this secret key?"
      section="Developer"
      up={{ href: path, label: "Secret keys" }}
      form={form}
      cancelHref={path}
    >
      <p>
        <bdi class="strong" safe>
          {key.name}
        </bdi>
        {" ("}
        <code safe>{key.hint}</code>
        {"), last used: "}
        <When ms={key.usedAtMs} now={now} never="never" />
      </p>
      <p>Servers that still use it are refused from the next request on. It cannot be brought back.</p>
    </ConfirmPage>
  )
}
