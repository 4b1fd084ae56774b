// A developer's first visit (agreement, first app, first call: three steps on one page) and every later one: what is built, who
// uses it, what it earns.
import type { Nano } from "../../src/app/units.ts"
import { BRAND } from "../layout/brand.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import {
  Avatar,
  Badge,
  Button,
  Count,
  Empty,
  type FormView,
  RowLink,
  Sparkline,
  Stepper,
  Table,
  Usd,
} from "../ui/index.ts"
import { OffersWaiting } from "./app-transfer.tsx"
import { Earnings, type EarningsProps, earningPlaces } from "./earnings.tsx"
import { type Mode, ModeSwitch, modeHref } from "./mode-switch.tsx"
import { type FirstCallStart, type SharesShown, StartAgreement, StartApp, StartCall } from "./start.tsx"

/** Figures are those of the last 30 UTC days. */
export interface DeveloperApp {
  /** Public id, `cli_…`. */
  id: string
  name: string
  iconUrl?: string | undefined
  type: "public" | "confidential" | "first-party"
  testMode?: boolean | undefined
  calls: number
  /** Calls that failed or were refused. */
  errors: number
  users: number
  earned: Nano
  /** Calls per day, oldest first. */
  days: readonly number[]
  suspended?: boolean | undefined
}

export interface DeveloperHomeProps {
  frame: Frame
  /** Whose apps and earnings are shown. */
  mode: Mode
  /** Apps in either mode. */
  appsInAll: number
  now: number
  /** False until POST /developer/agreement (accept=yes). */
  agreed: boolean
  /** Share of an app's use that its developer earns, in percent of the model price. */
  shares: SharesShown
  apps: readonly DeveloperApp[]
  /** The newest app, while no app of this developer has been called. */
  start?: FirstCallStart | undefined
  /** Absent before the agreement is accepted. */
  earnings?: EarningsProps | undefined
  /** Apps that others want to hand over. */
  offers: readonly { id: string; app: string; from: string }[]
  /** Of the first visit. */
  forms: { agreement: FormView; app: FormView }
}

const STEPS = ["Agreement", "First app", "First call"] as const

export function DeveloperHomePage(props: DeveloperHomeProps): JSX.Element {
  if (!props.agreed) return <Start {...props} step={0} />
  if (props.appsInAll === 0) return <Start {...props} step={1} />
  return props.start ? <Start {...props} step={2} /> : <AppList {...props} />
}

function Start(props: DeveloperHomeProps & { step: 0 | 1 | 2 }): JSX.Element {
  const { frame, step, start } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Build an app"
      section="Developer"
      lead={`Your users sign in with ${frame.brand?.name ?? BRAND.name} and pay for their own AI calls. You never handle a provider key or a card.`}
      live={step === 2}
    >
      <OffersWaiting offers={props.offers} />
      <Stepper
        label="Your first app"
        steps={STEPS.map((label, index) => ({
          label,
          state: index < step ? "done" : index === step ? "current" : "next",
        }))}
      />
      {step === 0 ? <StartAgreement frame={frame} shares={props.shares} form={props.forms.agreement} /> : null}
      {step === 1 ? <StartApp frame={frame} form={props.forms.app} /> : null}
      {start ? <StartCall now={props.now} csrf={frame.csrf} start={start} /> : null}
      {props.apps.length > 1 ? <Apps {...props} /> : null}
    </ConsoleLayout>
  )
}

function AppList(props: DeveloperHomeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Your apps"
      section="Developer"
      lead="What you have built, who uses it and what it earns."
      action={
        <div class="actions">
          <ModeSwitch mode={props.mode} path="/developer" />
          <Button kind="primary" icon="plus" href={modeHref("/developer/apps/new", props.mode)} label="New app" />
        </div>
      }
    >
      <OffersWaiting offers={props.offers} />
      {props.mode === "test" ? <InTestMode /> : null}
      <Apps {...props} />
      {props.earnings ? <Earnings {...props.earnings} places={placesOf(props)} /> : null}
    </ConsoleLayout>
  )
}

function InTestMode(): JSX.Element {
  return (
    <p class="quiet">
      {"Test credits and test earnings only: nothing here is money. "}
      <a href="/developer/test-users">Test users</a>
      {" sign in to these apps without a mailbox."}
    </p>
  )
}

const placesOf = ({ earnings, apps }: DeveloperHomeProps): number =>
  earningPlaces(
    earnings,
    apps.map(({ earned }) => earned),
  )

function Apps(props: DeveloperHomeProps): JSX.Element {
  const { apps } = props
  const places = placesOf(props)
  return (
    <section aria-labelledby="apps-title">
      <h2 id="apps-title">Last 30 days</h2>
      <Table
        caption="Your apps, last 30 days"
        hideCaption
        columns={[
          { label: "App" },
          { label: "Calls per day", minor: true },
          { label: "Calls", numeric: true },
          { label: "Errors", numeric: true },
          { label: "Active users", numeric: true },
          { label: "Earned", numeric: true },
        ]}
        empty={<NoApps mode={props.mode} />}
        rows={apps.map((app) => [
          <span class="app-cell">
            <Avatar name={app.name} src={app.iconUrl} />
            <span class="person">
              <RowLink href={`/developer/apps/${encodeURIComponent(app.id)}`} label={app.name} />
              <span class="quiet badges">
                <span>{app.type === "public" ? "Public" : "Confidential"}</span>
                {app.testMode ? <Badge tone="warn" text="Test mode" /> : null}
                {app.suspended ? <Badge tone="bad" text="Suspended" /> : null}
              </span>
            </span>
          </span>,
          app.calls === 0 ? (
            <span class="quiet">No calls</span>
          ) : (
            <Sparkline values={app.days} label={`${plural(app.calls, "call")} in 30 days`} />
          ),
          <Count value={app.calls} />,
          <Count value={app.errors} />,
          <Count value={app.users} />,
          <Usd amount={app.earned} places={places} />,
        ])}
      />
    </section>
  )
}

const NoApps = ({ mode }: { mode: Mode }): JSX.Element =>
  mode === "test" ? (
    <Empty
      title="No app in test mode"
      text="It reaches only the sandbox model and spends test credits."
      action={<Button href="/developer/apps/new?mode=test" label="New app in test mode" />}
    />
  ) : (
    <Empty
      title="No live app"
      text="Your apps in test mode are under Test."
      action={<Button href="/developer?mode=test" label="Show them" />}
    />
  )
