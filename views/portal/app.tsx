// One app of a developer: how it is doing, the code to start from, its ids and secrets, and everything that can be changed.
import type { Nano } from "../../src/app/units.ts"
import { type Definition, Definitions, FigureSection } from "../console/figures.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  Avatar,
  Badge,
  BarChart,
  Button,
  CopyLine,
  Count,
  counted,
  Fields,
  Form,
  FormOf,
  type FormView,
  Notice,
  Secret,
  Stat,
  Usd,
  When,
} from "../ui/index.ts"
import { usdPlacesAlone } from "../ui/together.ts"
import { AppEnd } from "./app-deletion.tsx"
import { AppTabs } from "./app-tabs.tsx"
import { FirstCall, StartCode } from "./first-call.tsx"
import { RedirectChecks } from "./redirect-lines.tsx"
import { type ClientSecretRow, Secrets } from "./secrets.tsx"
import type { SnippetInput } from "./snippet.ts"
import { TestCall, type TestCallProps } from "./test-call.tsx"

export interface DeveloperAppDetail {
  /** Public id, `cli_…`. */
  id: string
  name: string
  iconUrl?: string | undefined
  type: "public" | "confidential" | "first-party"
  testMode?: boolean | undefined
  homepageUrl: string | null
  redirectUris: readonly string[]
  scopes: readonly string[]
  /** Nobody but its developer can sign in to it yet. */
  unreviewed?: boolean | undefined
  /** Why, for an app that is suspended. */
  suspended?: string | undefined
  /** Deleted by its developer: it goes for good then. */
  endsMs?: number | null | undefined
  createdAtMs: number
  secrets: readonly ClientSecretRow[]
  /** Figures of the last 30 UTC days; `errors` are calls that failed or were refused. */
  calls: number
  errors: number
  users: number
  earned: Nano
  /** Oldest first. */
  days: readonly { dayMs: number; calls: number }[]
  firstCallMs: number | null
}

export interface DeveloperAppProps {
  frame: Frame
  now: number
  app: DeveloperAppDetail
  /** Most secrets an app may have at a time. */
  secretsMax: number
  /** A secret made by this very request; shown once. */
  newSecret?: string | undefined
  definitions: readonly Definition[]
  issuer: string
  /** The sdk.js of this server. */
  sdk?: SnippetInput["sdk"]
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** A model that answers on this server, for the snippet. */
  sampleModel: string
  forms: { details: FormView; icon: FormView; secret: FormView }
  test: Omit<TestCallProps, "csrf" | "now" | "isFirst">
}

const CALLS = counted("Calls", "call", "calls")
/** From then on the first call is no news. */
const NEWS_MS = 24 * 60 * 60_000
const pathOf = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`

export function DeveloperAppPage(props: DeveloperAppProps): JSX.Element {
  const { frame, now, app } = props
  const isRunning = app.firstCallMs !== null && now - app.firstCallMs > NEWS_MS
  return (
    <ConsoleLayout
      frame={frame}
      title={app.name}
      section="Developer"
      lead={app.homepageUrl ?? undefined}
      up={{ href: "/developer", label: "Your apps" }}
      live={app.firstCallMs === null}
    >
      <AppTabs app={app} part="overview" />
      <p class="badges">
        <Badge text={app.type === "public" ? "Public" : "Confidential"} />
        {app.testMode ? <Badge tone="warn" text="Test mode" /> : null}
        {app.suspended === undefined ? null : <Badge tone="bad" text={app.endsMs == null ? "Suspended" : "Deleted"} />}
        <span class="quiet">
          {"Created "}
          <When ms={app.createdAtMs} now={now} />
          {app.firstCallMs !== null && isRunning ? (
            <>
              {" · first call "}
              <When ms={app.firstCallMs} now={now} />
            </>
          ) : null}
        </span>
      </p>
      {app.endsMs == null ? null : <AppEnd csrf={frame.csrf} now={now} app={app} endsMs={app.endsMs} />}
      {app.suspended === undefined || app.endsMs != null ? null : (
        <Notice tone="bad" text="This app is suspended. Its users cannot sign in or spend; what it earned stays.">
          <p safe>{`Reason: ${app.suspended}`}</p>
        </Notice>
      )}
      {app.unreviewed ? (
        <Notice tone="warn" text="Only you can sign in to this app until it has been reviewed.">
          <p>
            <a href={`${pathOf(app.id)}/review`}>Send it in, or see what was said</a>
          </p>
        </Notice>
      ) : null}
      {props.newSecret ? (
        <Secret id="new-secret" title="Your new client secret" secret={props.newSecret} doneHref={pathOf(app.id)} />
      ) : null}
      {app.firstCallMs === null ? null : <Overview app={app} definitions={props.definitions} />}
      <Start {...props} isRunning={isRunning} />
      <Credentials {...props} />
      <IconPart {...props} />
      <Details {...props} />
      {app.suspended === undefined ? <AppEnd csrf={frame.csrf} now={now} app={app} endsMs={null} /> : null}
    </ConsoleLayout>
  )
}

/** The first call, then the app's own sign-in; once it runs both are folded away. */
function Start(props: DeveloperAppProps & { isRunning: boolean }): JSX.Element {
  const { frame, now, app, test, isRunning } = props
  const call = <TestCall {...test} csrf={frame.csrf} now={now} />
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title">{isRunning ? "Code to start from" : "First call"}</h2>
      {isRunning ? (
        <details class="change" {...{ open: Boolean(test.token ?? test.run) }}>
          <summary>A call with a test token</summary>
          {call}
        </details>
      ) : (
        call
      )}
      {isRunning ? null : (
        <div role="status">
          <FirstCall appId={app.id} firstCallMs={app.firstCallMs} now={now} />
        </div>
      )}
      <details class="change">
        <summary>{isRunning ? "Sign people in" : "Next: sign people in to your app"}</summary>
        <StartCode input={snippetInput(props)} />
      </details>
    </section>
  )
}

const snippetInput = ({ app, issuer, apiBaseUrl, sampleModel, sdk }: DeveloperAppProps) => ({
  issuer,
  sdk,
  apiBaseUrl,
  clientId: app.id,
  confidential: app.type !== "public",
  redirectUri: app.redirectUris[0] ?? "http://127.0.0.1:3000/callback",
  scopes: app.scopes,
  model: sampleModel,
})

/** Why a first call earned nothing. */
const earnedNote = ({ testMode, calls, earned }: DeveloperAppDetail): string | undefined =>
  testMode ? "Test credits are no money" : calls > 0 && earned === 0 ? "Your own free credits earn nothing" : undefined

function Overview({ app, definitions }: Pick<DeveloperAppProps, "app" | "definitions">): JSX.Element {
  const share = app.calls === 0 ? 0 : (100 * app.errors) / app.calls
  return (
    <FigureSection
      id="overview"
      title="Last 30 days"
      href={pathOf(app.id)}
      csvHref={`/developer/analytics/export?app=${encodeURIComponent(app.id)}&range=30d`}
    >
      <dl class="stats">
        <Stat label="Calls">
          <Count value={app.calls} />
        </Stat>
        <Stat label="Active users">
          <Count value={app.users} />
        </Stat>
        <Stat label="Earned" note={earnedNote(app)}>
          <Usd amount={app.earned} places={usdPlacesAlone(app.earned)} />
        </Stat>
        <Stat label="Errors" note={app.errors === 0 ? undefined : `${share < 1 ? "<1" : Math.round(share)}% of calls`}>
          <Count value={app.errors} />
        </Stat>
      </dl>
      {app.calls === 0 ? null : (
        <>
          <h3>Calls per day</h3>
          <BarChart
            id="calls"
            title="Calls per day, last 30 days"
            unit={CALLS}
            days={app.days.map(({ dayMs }) => dayMs)}
            series={[{ label: "Calls", values: app.days.map(({ calls }) => calls) }]}
            begins={{ ms: app.createdAtMs, words: "The app was made on" }}
          />
          <Definitions items={definitions}>
            <p class="quiet">
              <a href={`/developer/analytics?app=${encodeURIComponent(app.id)}`}>All figures of this app</a>
            </p>
          </Definitions>
        </>
      )}
    </FigureSection>
  )
}

function Credentials(props: DeveloperAppProps): JSX.Element {
  const { app, issuer, apiBaseUrl } = props
  return (
    <section aria-labelledby="credentials-title">
      <h2 id="credentials-title">Credentials</h2>
      <dl class="facts wide">
        {[
          { id: "client-id", label: "Client id", text: app.id },
          { id: "issuer", label: "Issuer", text: issuer },
          { id: "api-base", label: "API base URL", text: apiBaseUrl },
        ].map(({ id, label, text }) => (
          <div>
            <dt safe>{label}</dt>
            <dd>
              <CopyLine id={id} text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {app.type === "public" ? (
        <p class="quiet">A public client has no secret. PKCE protects its sign-in.</p>
      ) : (
        <Secrets
          csrf={props.frame.csrf}
          now={props.now}
          path={pathOf(app.id)}
          secrets={app.secrets}
          most={props.secretsMax}
          form={props.forms.secret}
        />
      )}
    </section>
  )
}

function IconPart({ frame, app, forms }: DeveloperAppProps): JSX.Element {
  return (
    <section aria-labelledby="icon-title">
      <h2 id="icon-title">Icon</h2>
      <p class="quiet">People see it when they sign in to your app, and in the list of their apps.</p>
      <div class="current-picture">
        <Avatar name={app.name} src={app.iconUrl} large />
        {app.iconUrl === undefined ? null : (
          <Form action={`${pathOf(app.id)}/icon/removal`} csrf={frame.csrf} class="cell-form">
            <Button small label="Remove icon" />
          </Form>
        )}
      </div>
      <FormOf form={forms.icon} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

function Details({ frame, app, forms: { details: form } }: DeveloperAppProps): JSX.Element {
  return (
    <section aria-labelledby="edit-title">
      <h2 id="edit-title">Details</h2>
      <FormOf form={form} csrf={frame.csrf} class="form page-form app-form">
        <Fields form={form} below={{ redirect_uris: <RedirectChecks form=".app-form" app={app.id} /> }} />
        <p class="quiet">People who approved the app already are asked before it gets a scope they have not seen.</p>
      </FormOf>
    </section>
  )
}
