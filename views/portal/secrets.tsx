// The client secrets of an app: told apart by their ends, several at a time so that one can replace another, revoked for good.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Empty, Form, type FormView, Table, When } from "../ui/index.ts"

export interface ClientSecretRow {
  id: string
  /** Last characters, enough to tell one from another: "5572". */
  hint: string
  createdAtMs: number
}

export interface SecretsProps {
  csrf: string
  now: number
  /** Of the app's page. */
  path: string
  secrets: readonly ClientSecretRow[]
  /** Most an app may have at a time. */
  most: number
}

/** POST <path>/secrets: csrf. */
export function Secrets({ csrf, now, path, secrets, most }: SecretsProps): JSX.Element {
  return (
    <>
      <h3>Client secrets</h3>
      {secrets.length === 0 ? (
        <Empty title="No secret" text="Without one, this app’s server cannot exchange a code for tokens." />
      ) : (
        <Table
          caption="Client secrets"
          hideCaption
          columns={[{ label: "Ends with" }, { label: "Created" }, { label: "Action", silent: true }]}
          rows={secrets.map((secret) => [
            <code safe>{`…${secret.hint}`}</code>,
            <When ms={secret.createdAtMs} now={now} />,
            <Button small dialog href={`${path}/secrets/${encodeURIComponent(secret.id)}/revocation`} label="Revoke" />,
          ])}
        />
      )}
      {secrets.length >= most ? (
        <p class="quiet" safe>{`An app has at most ${most} secrets. Revoke one to make another.`}</p>
      ) : (
        <Form action={`${path}/secrets`} csrf={csrf} class="actions">
          <Button label="Make a new secret" />
        </Form>
      )}
    </>
  )
}

export interface AppSecretRevokeProps {
  frame: Frame
  app: { id: string; name: string }
  secret: ClientSecretRow
  /** No other secret would be left. */
  isLast?: boolean | undefined
  form: FormView
}

export function AppSecretRevokePage({ frame, app, secret, isLast, form }: AppSecretRevokeProps): JSX.Element {
  const path = `/developer/apps/${encodeURIComponent(app.id)}`
  return (
    <ConfirmPage
      frame={frame}
      title={`Revoke the secret that ends in ${secret.hint}?`}
      section="Developer"
      up={{ href: path, label: app.name }}
      form={{ ...form, submit: `Revoke secret ${secret.hint}` }}
      cancelHref={path}
    >
      <p>
        {"Servers of "}
        <bdi class="strong" safe>
          {app.name}
        </bdi>
        {" that still use it can no longer get tokens. Let them use another secret first."}
      </p>
      {isLast ? <p class="strong">It is the last one: without a secret nobody can sign in to this app.</p> : null}
    </ConfirmPage>
  )
}
