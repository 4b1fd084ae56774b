// A developer's first and later visits: accept the agreement, then the list of apps.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Badge, Button, Choice, Count, Empty, ErrorSummary, Form, Icon, Table, Usd, When } from "../ui/index.ts"
import { Earnings, type EarningsProps } from "./earnings.tsx"

export interface DeveloperApp {
  /** Public id, `cli_…`. */
  id: string
  name: string
  type: "public" | "confidential" | "first-party"
  calls: number
  users: number
  earnings: Nano
  createdAtMs: number
  suspended?: boolean | undefined
}

export interface DeveloperHomeProps {
  frame: Frame
  now: number
  /** False until POST /developer/agreement (accept=yes). */
  agreed: boolean
  /** Share of an app's use that its developer earns, in percent of the model price. */
  sharePercent: number
  apps: readonly DeveloperApp[]
  /** Absent before the agreement is accepted. */
  earnings?: EarningsProps | undefined
  errors?: FormErrors | undefined
}

export function DeveloperHomePage(props: DeveloperHomeProps): JSX.Element {
  return props.agreed ? <AppList {...props} /> : <Welcome {...props} />
}

function AppList({ frame, now, apps, earnings }: DeveloperHomeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Your apps"
      section="Developer"
      lead="What you have built, who uses it and what it earns."
      action={<Button kind="primary" icon="plus" href="/developer/apps/new" label="New app" />}
    >
      {apps.length === 0 ? (
        <Empty
          title="No app yet"
          text="Create one to get a client id and a few lines of code that make your first charged call."
          action={<Button href="/developer/apps/new" label="Create your first app" />}
        />
      ) : (
        <Table
          caption="Your apps"
          hideCaption
          columns={[
            { label: "App" },
            { label: "Type" },
            { label: "Calls", numeric: true },
            { label: "Users", numeric: true },
            { label: "Earnings", numeric: true },
            { label: "Created" },
          ]}
          rows={apps.map((app) => [
            <>
              <a href={`/developer/apps/${encodeURIComponent(app.id)}`}>
                <bdi safe>{app.name}</bdi>
              </a>{" "}
              {app.suspended ? <Badge tone="bad" text="Suspended" /> : null}
            </>,
            <span>{app.type}</span>,
            <Count value={app.calls} />,
            <Count value={app.users} />,
            <Usd amount={app.earnings} />,
            <When ms={app.createdAtMs} now={now} />,
          ])}
        />
      )}
      {earnings ? <Earnings {...earnings} /> : null}
    </ConsoleLayout>
  )
}

/** POST /developer/agreement: accept=yes, csrf. */
function Welcome({ frame, sharePercent, errors }: DeveloperHomeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Build an app"
      section="Developer"
      lead="Your users sign in with Purser and pay for their own AI calls. You never handle a provider key or a card."
    >
      <ol class="steps">
        <li aria-current="step">
          <h2>Accept the agreement</h2>
          <ErrorSummary errors={errors} />
          <ul class="ticks plain">
            {[
              `You earn ${sharePercent} % of the model price of every call your app makes.`,
              "Ask only for what your app needs, and say plainly what you do with it.",
              "Do not resell tokens or share an access token between people.",
              "Your app can be suspended when it harms the people who use it.",
            ].map((line) => (
              <li>
                <Icon name="check" />
                <span safe>{line}</span>
              </li>
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
        </li>
        <li>
          <h2>Create an app</h2>
          <p class="quiet">A name, a redirect URI, the scopes it needs. You get a client id at once.</p>
        </li>
        <li>
          <h2>Make the first call</h2>
          <p class="quiet">
            Copy a few lines with your client id filled in. The page turns green when the call arrives.
          </p>
        </li>
      </ol>
    </ConsoleLayout>
  )
}
