// The client secrets of an app: told apart by names and ends, several at a time so that one can replace another, revoked for good. On
// the page of its developer and on an admin's.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Empty, FormOf, type FormView, Table, When } from "../ui/index.ts"

export interface ClientSecretRow {
  id: string
  /** "" when it has none. */
  name: string
  /** Last characters, enough to tell one from another: "5572". */
  hint: string
  createdAtMs: number
  /** null: until it is revoked. */
  expiresAtMs: number | null
  /** null: never. */
  usedAtMs: number | null
}

export interface SecretsProps {
  csrf: string
  now: number
  /** Of the app's page. */
  path: string
  secrets: readonly ClientSecretRow[]
  /** Most an app may have at a time. */
  most: number
  /** Of a new one. */
  form: FormView
}

/** POST <path>/secrets: csrf, name, last_day. */
export function Secrets({ csrf, now, path, secrets, most, form }: SecretsProps): JSX.Element {
  return (
    <>
      <h3 id="secrets-title">Client secrets</h3>
      {secrets.length === 0 ? (
        <Empty title="No secret" text="Without one, this app’s server cannot exchange a code for tokens." />
      ) : (
        <Table
          caption="Client secrets"
          hideCaption
          columns={[
            { label: "Name" },
            { label: "Ends with" },
            { label: "Created" },
            { label: "Last used" },
            { label: "Expires" },
            { label: "Action", silent: true },
          ]}
          rows={secrets.map((secret) => [
            <bdi safe>{secret.name || "No name"}</bdi>,
            <code safe>{`…${secret.hint}`}</code>,
            <When ms={secret.createdAtMs} now={now} />,
            <When ms={secret.usedAtMs} now={now} never="Never" />,
            <Expires secret={secret} now={now} />,
            <Button small dialog href={`${path}/secrets/${encodeURIComponent(secret.id)}/revocation`} label="Revoke" />,
          ])}
        />
      )}
      {secrets.length >= most ? (
        <p class="quiet" safe>{`An app has at most ${most} secrets. Revoke one to make another.`}</p>
      ) : (
        <>
          <p class="quiet">
            To change a secret without a gap: make a new one, give it to your servers, and revoke the old one once it is
            no longer used.
          </p>
          <FormOf form={form} csrf={csrf} class="form page-form" isPlain />
        </>
      )}
    </>
  )
}

function Expires({ secret, now }: { secret: ClientSecretRow; now: number }): JSX.Element {
  const { expiresAtMs } = secret
  if (expiresAtMs === null) return <span class="quiet">Never</span>
  return expiresAtMs <= now ? <Badge tone="bad" text="Expired" /> : <When ms={expiresAtMs} now={now} />
}

export interface AppSecretRevokeProps {
  frame: Frame
  app: { id: string; name: string }
  secret: ClientSecretRow
  /** No other secret that works would be left. */
  isLast?: boolean | undefined
  form: FormView
  /** On an admin's page. */
  byAdmin?: boolean | undefined
}

export function AppSecretRevokePage({ frame, app, secret, isLast, form, byAdmin }: AppSecretRevokeProps): JSX.Element {
  const path = `${byAdmin ? "/admin" : "/developer"}/apps/${encodeURIComponent(app.id)}`
  return (
    <ConfirmPage
      frame={frame}
      title={`Revoke the secret that ends in ${secret.hint}?`}
      section={byAdmin ? "Admin" : "Developer"}
      up={{ href: path, label: app.name }}
      form={{ ...form, submit: `Revoke secret ${secret.hint}` }}
      cancelHref={path}
    >
      {secret.name === "" ? null : (
        <p>
          {"Its name: "}
          <bdi class="strong" safe>
            {secret.name}
          </bdi>
        </p>
      )}
      <p>
        {"Servers of "}
        <bdi class="strong" safe>
          {app.name}
        </bdi>
        {" that still use it can no longer get tokens. Let them use another secret first."}
      </p>
      {isLast ? <p class="strong">No other one works: without a secret nobody can sign in to this app.</p> : null}
    </ConfirmPage>
  )
}
