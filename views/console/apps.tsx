// Who can spend? One row per app with its limits, and the page that asks before revoking.
import { creditsDecimal, type Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import { Avatar, Badge, Button, Confirm, CreditMeter, Empty, ErrorSummary, Field, Form, When } from "../ui/index.ts"

export interface AppLimit {
  /** The scope token, such as `llm`. */
  scope: string
  /** In a word or two: "Chat". */
  label: string
  usedToday: Nano
  limit: Nano
  /** What was typed, when it could not be read. */
  typed?: string | undefined
}

export interface ConnectedApp {
  /** Public id of the client, used in the paths below. */
  id: string
  name: string
  iconUrl?: string | undefined
  developerName: string
  verified: boolean
  suspended?: boolean | undefined
  authorizedAtMs: number
  lastUsedMs: number | null
  limits: readonly AppLimit[]
}

export interface AppsProps {
  frame: Frame
  now: number
  apps: readonly ConnectedApp[]
  /** After a 422: the app whose limits were sent, its form stays open. Keys `limit_<scope>`. */
  failed?: { id: string; errors: FormErrors } | undefined
}

/** POST /apps/:id/limits: limit_<scope> in credits, csrf. GET /apps/:id/revocation asks, POST revokes. */
export function AppsPage({ frame, now, apps, failed }: AppsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Apps"
      lead="Apps that can spend your credits, and how much each may spend per day."
    >
      {apps.length === 0 ? (
        <Empty
          title="No app can spend your credits"
          text="When you sign in to an app with Purser and approve it, it stands here with its daily limit."
        />
      ) : (
        <ul class="plain rows">
          {apps.map((app) => (
            <li>
              <AppRow frame={frame} now={now} app={app} errors={failed?.id === app.id ? failed.errors : undefined} />
            </li>
          ))}
        </ul>
      )}
    </ConsoleLayout>
  )
}

interface AppRowProps {
  frame: Frame
  now: number
  app: ConnectedApp
  errors?: FormErrors | undefined
}

function AppRow({ frame, now, app, errors }: AppRowProps): JSX.Element {
  const path = `/apps/${encodeURIComponent(app.id)}`
  return (
    <article class="row" aria-labelledby={`name-${app.id}`}>
      <div class="row-head">
        <Avatar name={app.name} src={app.iconUrl} />
        <div class="row-title">
          <h2 id={`name-${app.id}`}>
            <bdi safe>{app.name}</bdi>
          </h2>
          <p class="quiet">
            {"by "}
            <bdi safe>{app.developerName}</bdi>
            {app.verified ? null : <span>, not verified</span>}
            {" · last used "}
            <When ms={app.lastUsedMs} now={now} never="never" />
          </p>
        </div>
        {app.suspended ? <Badge tone="bad" text="Suspended" /> : null}
        <Button kind="plain" small href={`${path}/revocation`} dialog label="Revoke" />
      </div>
      {app.limits.length === 0 ? (
        <p class="quiet">Signs you in only. It cannot spend.</p>
      ) : (
        <div class="limits">
          <dl>
            {app.limits.map((limit) => (
              <div>
                <dt safe>{`${limit.label}, today`}</dt>
                <dd>
                  <CreditMeter label={`${limit.label}, used today`} used={limit.usedToday} limit={limit.limit} />
                </dd>
              </div>
            ))}
          </dl>
          <details class="change" open={errors !== undefined}>
            <summary>Change limits</summary>
            <ErrorSummary errors={errors?.form ? { form: errors.form } : undefined} />
            <Form action={`${path}/limits`} csrf={frame.csrf} class="form inline">
              {app.limits.map((limit) => (
                <Field
                  name={`limit_${limit.scope}`}
                  id={`limit_${limit.scope}-${app.id}`}
                  label={`${limit.label}, at most per day`}
                  type="number"
                  inputmode="decimal"
                  min={0}
                  suffix="credits"
                  required
                  value={limit.typed ?? creditsDecimal(limit.limit)}
                  error={errors?.[`limit_${limit.scope}`]}
                  autofocus={Object.keys(errors ?? {})[0] === `limit_${limit.scope}`}
                />
              ))}
              <Button kind="primary" label="Save limits" />
            </Form>
          </details>
        </div>
      )}
    </article>
  )
}

export interface AppRevokeProps {
  frame: Frame
  app: { id: string; name: string; authorizedAtMs: number }
}

export function AppRevokePage({ frame, app }: AppRevokeProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title={`Revoke ${app.name}`} head={false} up={{ href: "/apps", label: "Apps" }}>
      <Confirm
        title={`Revoke ${app.name}?`}
        csrf={frame.csrf}
        action={`/apps/${encodeURIComponent(app.id)}/revocation`}
        label={`Revoke ${app.name}`}
        cancelHref="/apps"
      >
        <p>It is signed out at once and can no longer spend your credits. Calls it has already made stay charged.</p>
        <p class="quiet" safe>
          {`Approved on ${dateText(app.authorizedAtMs)}. You can approve it again by signing in there.`}
        </p>
      </Confirm>
    </ConsoleLayout>
  )
}
