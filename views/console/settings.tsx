// Your account: who you are here, how the pages look, where you are signed in.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Choices, Form, Table, When } from "../ui/index.ts"

export interface SessionRow {
  id: string
  /** "Firefox on Linux", from the user agent. */
  device: string
  ip: string | null
  createdAtMs: number
  lastSeenMs: number
  current: boolean
}

export interface SettingsProps {
  frame: Frame
  now: number
  name: string | null
  email: string
  sessions: readonly SessionRow[]
}

/** POST /settings/theme: theme=system|light|dark, csrf. POST /settings/sessions/:id/revocation: csrf. */
export function SettingsPage({ frame, now, name, email, sessions }: SettingsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Settings"
      lead="Your account, how these pages look, and where you are signed in."
    >
      <section aria-labelledby="account-title">
        <h2 id="account-title">Account</h2>
        <dl class="facts wide">
          <div>
            <dt>Name</dt>
            <dd>
              <bdi safe>{name ?? "Not given"}</bdi>
            </dd>
          </div>
          <div>
            <dt>Email</dt>
            <dd>
              <bdi safe>{email}</bdi>
            </dd>
          </div>
        </dl>
      </section>
      <section aria-labelledby="look-title">
        <h2 id="look-title">Look</h2>
        <Form action="/settings/theme" csrf={frame.csrf}>
          <Choices
            legend="Theme"
            name="theme"
            type="radio"
            options={[
              { value: "system", label: "Like this device", checked: frame.theme === "system" },
              { value: "light", label: "Light", checked: frame.theme === "light" },
              { value: "dark", label: "Dark", checked: frame.theme === "dark" },
            ]}
          />
          <Button label="Save theme" />
        </Form>
      </section>
      <section aria-labelledby="sessions-title">
        <h2 id="sessions-title">Where you are signed in</h2>
        <Table
          caption="Your sessions"
          hideCaption
          columns={[
            { label: "Device" },
            { label: "Address" },
            { label: "Last seen" },
            { label: "Action", silent: true },
          ]}
          rows={sessions.map((session) => [
            <bdi safe>{session.device}</bdi>,
            <span class="quiet" safe>
              {session.ip ?? "Unknown"}
            </span>,
            <When ms={session.lastSeenMs} now={now} />,
            session.current ? (
              <Badge tone="accent" text="This one" />
            ) : (
              <Form
                action={`/settings/sessions/${encodeURIComponent(session.id)}/revocation`}
                csrf={frame.csrf}
                class="cell-form"
              >
                <Button small label="Sign out" />
              </Form>
            ),
          ])}
        />
      </section>
    </ConsoleLayout>
  )
}
