// Who can spend? One row per app with what it used of its limits today; the pages that change limits and revoke.
import type { Nano } from "../../src/app/units.ts"
import { type AppOrigin, Origin } from "../auth/consent-who.tsx"
import { type DailyLimit, LimitField } from "../auth/limit.tsx"
import { BRAND } from "../layout/brand.tsx"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { dateText } from "../ui/format.ts"
import { Avatar, Badge, Button, CreditMeter, Empty, FormOf, type FormView, focusOf, When } from "../ui/index.ts"

export interface AppLimit {
  /** The scope token, such as `llm`. */
  scope: string
  /** In a word or two: "Chat". */
  label: string
  usedToday: Nano
  limit: Nano
}

export interface ConnectedApp {
  /** Public id of the consent, used in the paths below. */
  id: string
  name: string
  iconUrl?: string | undefined
  /** Who answers for it: a developer, the host that it describes itself at, or nobody. */
  origin: AppOrigin
  verified: boolean
  suspended?: boolean | undefined
  authorizedAtMs: number
  lastUsedMs: number | null
  limits: readonly AppLimit[]
  /** Whose credits it spends; undefined: their own. */
  team?: string | undefined
  /** There are other credits that it could spend. */
  canChoosePayer?: boolean
  /** Where it may use any: which; undefined = all. */
  tools?: { titles: readonly string[] | undefined } | undefined
  /** What it may do in the account itself, as sentences. */
  account?: readonly string[] | undefined
}

export interface AppsProps {
  frame: Frame
  now: number
  apps: readonly ConnectedApp[]
}

/** GET /apps/:id/limits and /apps/:id/revocation lead on. */
export function AppsPage({ frame, now, apps }: AppsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Apps"
      lead="Apps that can spend your credits, and how much each may spend per day."
    >
      {apps.length === 0 ? (
        <Empty
          title="No app can spend your credits"
          text={`When you sign in to an app with ${frame.brand?.name ?? BRAND.name} and approve it, it appears here with its daily limits.`}
          action={<Button href="/directory" label="Find an app" />}
        />
      ) : (
        <ul class="plain rows">
          {apps.map((app) => (
            <li>
              <AppRow now={now} app={app} />
            </li>
          ))}
        </ul>
      )}
    </ConsoleLayout>
  )
}

const small = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)
const pathOf = (app: { id: string }): string => `/apps/${encodeURIComponent(app.id)}`

function AppRow({ now, app }: { now: number; app: ConnectedApp }): JSX.Element {
  return (
    <article class="row" aria-labelledby={`name-${app.id}`}>
      <Avatar name={app.name} src={app.iconUrl} />
      <div class="row-title">
        <h2 id={`name-${app.id}`}>
          <bdi safe>{app.name}</bdi>
          {app.suspended ? <Badge tone="bad" text="Suspended" /> : null}
        </h2>
        <p class="quiet">
          <Origin origin={app.origin} />
          {app.verified ? null : <span>, not verified</span>}
        </p>
        <p class="quiet">
          {app.lastUsedMs === null ? null : "Last used "}
          <When ms={app.lastUsedMs} now={now} never="Never used" />
        </p>
        {app.team === undefined ? null : (
          <p class="quiet">
            {"Spends credits of "}
            <bdi class="strong" safe>
              {app.team}
            </bdi>
          </p>
        )}
        {app.tools ? (
          <p class="quiet">
            {"Tools: "}
            <bdi safe>{app.tools.titles === undefined ? "all of yours" : app.tools.titles.join(", ") || "none"}</bdi>
          </p>
        ) : null}
        <InAccount app={app} />
      </div>
      <Limits app={app} />
      <div class="row-acts">
        {app.limits.length > 0 ? (
          <Button
            small
            href={`${pathOf(app)}/limits`}
            dialog
            label={app.limits.length === 1 ? "Change limit" : "Change limits"}
          />
        ) : null}
        {app.canChoosePayer ? <Button small href={`${pathOf(app)}/payer`} dialog label="Credits" /> : null}
        {app.limits.length > 0 ? <Button small href={`${pathOf(app)}/models`} label="Models" /> : null}
        {app.tools ? <Button small href={`${pathOf(app)}/tools`} dialog label="Tools" /> : null}
        <Button small href={`${pathOf(app)}/revocation`} dialog label="Revoke" />
      </div>
    </article>
  )
}

function InAccount({ app }: { app: ConnectedApp }): JSX.Element {
  if (!app.account?.length) return ""
  return <p class="quiet" safe>{`In your account it may: ${app.account.map(small).join("; ")}.`}</p>
}

function Limits({ app }: { app: ConnectedApp }): JSX.Element {
  return app.limits.length === 0 ? (
    <p class="quiet row-limits">{app.account?.length ? "It cannot spend." : "Signs you in only. It cannot spend."}</p>
  ) : (
    <dl class="row-limits">
      {app.limits.map((limit) => (
        <div>
          <dt safe>{`${limit.label}, used today`}</dt>
          <dd>
            <CreditMeter label={`${limit.label}, used today`} used={limit.usedToday} limit={limit.limit} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

export interface AppLimitsProps {
  frame: Frame
  app: { name: string }
  limits: readonly { scope: string; label: string; limit: DailyLimit }[]
  form: FormView
}

/** A page that opens as a dialog where scripts run. */
export function AppLimitsPage({ frame, app, limits, form }: AppLimitsProps): JSX.Element {
  const noun = limits.length === 1 ? "limit applies" : "limits apply"
  return (
    <ConsoleLayout frame={frame} title={`Limits of ${app.name}`} head={false} up={{ href: "/apps", label: "Apps" }}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">
          {"How much may "}
          <bdi safe>{app.name}</bdi>
          {" spend?"}
        </h1>
        <p class="quiet" safe>{`The new ${noun} from the next call. What it used today still counts.`}</p>
        <FormOf
          form={{ ...form, submit: limits.length === 1 ? "Save limit" : "Save limits" }}
          csrf={frame.csrf}
          cancelHref="/apps"
        >
          {limits.map(({ scope, label, limit }) => (
            <fieldset class="spend">
              <legend class="sr" safe>
                {label}
              </legend>
              <p class="strong" aria-hidden="true" safe>
                {label}
              </p>
              <LimitField
                scope={scope}
                purpose={label}
                limit={limit}
                error={form.errors?.[`limit_${scope}`]}
                autofocus={focusOf(form)?.name === `limit_${scope}` || undefined}
              />
            </fieldset>
          ))}
        </FormOf>
      </section>
    </ConsoleLayout>
  )
}

export interface AppRevokeProps {
  frame: Frame
  app: { name: string; authorizedAtMs: number }
  form: FormView
}

export function AppRevokePage({ frame, app, form }: AppRevokeProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Revoke ${app.name}?`}
      up={{ href: "/apps", label: "Apps" }}
      form={{ ...form, submit: `Revoke ${app.name}` }}
      cancelHref="/apps"
      words={["It is signed out at once and can no longer spend your credits. Calls it has already made stay charged."]}
    >
      <p class="quiet" safe>
        {`Approved on ${dateText(app.authorizedAtMs)}. You can approve it again by signing in there.`}
      </p>
    </ConfirmPage>
  )
}
