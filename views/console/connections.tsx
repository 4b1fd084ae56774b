// Accounts elsewhere that open this one: which, since when, last used; connect another, disconnect.
import { IssuerMark } from "../auth/ways.tsx"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Empty, Form, type FormView, Table, When } from "../ui/index.ts"

const UP = { href: "/settings", label: "Settings" }
const PATH = "/settings/connections"

export interface ConnectionRow {
  publicId: string
  name: string
  /** Null = not offered here any more. */
  slug: string | null
  preset: "google" | "oidc"
  email: string | null
  linkedMs: number
  usedMs: number
}

export interface ConnectionsProps {
  frame: Frame
  now: number
  hasPassword: boolean
  connections: readonly ConnectionRow[]
  /** What this house offers. */
  offered: readonly { slug: string; name: string; preset: "google" | "oidc" }[]
}

export function ConnectionsPage(props: ConnectionsProps): JSX.Element {
  const { frame, connections, offered, hasPassword } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Connections"
      up={UP}
      lead="Accounts elsewhere that open this one. Whoever signs in there can sign in here."
    >
      {connections.length === 0 && offered.length === 0 ? (
        <Empty
          title="Nothing to connect with"
          text="This service offers no sign-in by others. You sign in with your email address and password."
          action={<Button href="/settings" label="Back to settings" />}
        />
      ) : null}
      {connections.length > 0 ? <Connected {...props} /> : null}
      {hasPassword || connections.length === 0 ? null : (
        <p class="page-form">
          You have no password: these are your only ways in. <a href="/settings/password">Set a password</a>
        </p>
      )}
      {offered.length > 0 ? (
        <section aria-labelledby="offered-title">
          <h2 id="offered-title">Connect another</h2>
          <p class="quiet page-form">You sign in there once. You are asked first that it is you.</p>
          <div class="connect">
            {offered.map(({ slug, name, preset }) => (
              <Form action={`${PATH}/with/${encodeURIComponent(slug)}`} csrf={frame.csrf} class="cell-form">
                <button class="button plain" type="submit">
                  <IssuerMark preset={preset} />
                  <span>
                    {"Connect "}
                    <bdi safe>{name}</bdi>
                  </span>
                </button>
              </Form>
            ))}
          </div>
        </section>
      ) : null}
    </ConsoleLayout>
  )
}

function Connected({ now, connections }: ConnectionsProps): JSX.Element {
  return (
    <section aria-labelledby="connected-title">
      <h2 id="connected-title">Connected</h2>
      <Table
        caption="Your connections"
        hideCaption
        columns={[
          { label: "Account" },
          { label: "Connected" },
          { label: "Last used" },
          { label: "Action", silent: true },
        ]}
        rows={connections.map(({ publicId, name, slug, email, linkedMs, usedMs }) => [
          <span class="person">
            <bdi class="strong" safe>
              {name}
            </bdi>
            <bdi class="quiet" safe>
              {slug === null ? "Not offered here any more" : (email ?? "No address")}
            </bdi>
          </span>,
          <When ms={linkedMs} now={now} />,
          <When ms={usedMs} now={now} />,
          <Button small dialog href={`${PATH}/${encodeURIComponent(publicId)}/removal`} label="Disconnect" />,
        ])}
      />
    </section>
  )
}

export interface ConnectionRemovalProps {
  frame: Frame
  name: string
  email: string | null
  form: FormView
}

export function ConnectionRemovalPage({ frame, name, email, form }: ConnectionRemovalProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Disconnect ${name}?`}
      up={{ href: PATH, label: "Connections" }}
      words={[
        `${email ?? "That account"} no longer signs you in here. Your account stays as it is, and so does the one there.`,
        "Devices that are signed in stay signed in; the settings list them.",
      ]}
      form={form}
      cancelHref={PATH}
    />
  )
}
