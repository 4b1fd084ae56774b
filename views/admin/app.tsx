// One app as an admin sees it: who answers for it, what it may ask for, what it did; and the questions before it is suspended,
// let in again or removed.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { type Review, ReviewBadge } from "../portal/app-review.tsx"
import { type ClientSecretRow, Secrets } from "../portal/secrets.tsx"
import { Button, Count, type FormView, Id, Secret, When } from "../ui/index.ts"
import { type AppSource, type AppState, appPath, SOURCES, StateBadge } from "./apps.tsx"

export interface AdminAppProps {
  frame: Frame
  now: number
  app: {
    id: string
    name: string
    source: AppSource
    state: AppState
    /** Where it is on its way past an admin; null: nobody has to look at it. */
    review: Review | null
    /** Made of the settings: nothing about it is changed here. */
    isConsole: boolean
    /** Why it is suspended. */
    reason: string | null
    by: string
    ownerHref?: string | undefined
    type: string
    documentUrl: string | null
    redirectUris: readonly string[]
    scopes: readonly string[]
    deviceFlow: boolean
    createdAtMs: number
    secrets: readonly ClientSecretRow[]
    /** Of the last 30 UTC days. */
    calls: number
    users: number
  }
  /** A secret made by this very request; shown once. */
  newSecret?: string | undefined
  /** Of a new secret. */
  form: FormView
  /** Most secrets an app may have at a time. */
  secretsMax: number
}

const UP = { href: "/admin/apps", label: "Apps" }
const TYPES: Record<string, string> = {
  public: "Public: it proves itself by PKCE alone",
  confidential: "Confidential: it has a secret",
  "first-party": "Of this server",
}

export function AdminAppPage({ frame, now, app, newSecret, form, secretsMax }: AdminAppProps): JSX.Element {
  const path = appPath(app.id)
  const cameByItself = app.source === "document" || app.source === "registration"
  return (
    <DetailPage
      frame={frame}
      title={app.name}
      section="Admin"
      lead={SOURCES.find(({ source }) => source === app.source)?.means}
      up={UP}
      state={
        <div class="badges">
          <StateBadge state={app.state} />
          {app.review === null ? null : <ReviewBadge review={app.review} />}
          <Id text={app.id} />
          {app.review === null || app.state === "removed" ? null : (
            <Button small href={`${path}/review`} label="Review" />
          )}
          {app.source === "appliance" && !app.isConsole ? (
            <Button small href={`/admin/apps/house/${encodeURIComponent(app.id)}`} label="Details" />
          ) : null}
          {app.source === "developer" && app.state !== "removed" ? (
            <Button small href={`${path}/verification`} dialog label="Verify" />
          ) : null}
          {app.state === "live" && !app.isConsole ? (
            <Button small href={`${path}/suspension`} dialog label="Suspend" />
          ) : null}
          {app.state === "suspended" ? (
            <Button small href={`${path}/reinstatement`} dialog label="Let in again" />
          ) : null}
          {cameByItself && app.state !== "removed" ? (
            <Button small href={`/admin/apps/removal/${encodeURIComponent(app.id)}`} dialog label="Remove" />
          ) : null}
        </div>
      }
      stats={[
        { label: "Calls, 30 d", value: <Count value={app.calls} /> },
        { label: "People, 30 d", value: <Count value={app.users} /> },
      ]}
      facts={{ heading: "What is known of it", list: factsOf(app, now) }}
    >
      {newSecret ? <Secret id="new-secret" title="The new client secret" secret={newSecret} doneHref={path} /> : null}
      {app.type === "public" || app.state === "removed" || app.isConsole ? null : (
        <section aria-labelledby="secrets-title">
          <Secrets csrf={frame.csrf} now={now} path={path} secrets={app.secrets} most={secretsMax} form={form} />
        </section>
      )}
    </DetailPage>
  )
}

function factsOf(app: AdminAppProps["app"], now: number) {
  const by = app.ownerHref ? (
    <a href={app.ownerHref} safe>
      {app.by}
    </a>
  ) : undefined
  return [
    { label: "Who answers for it", text: app.by, value: by },
    ...(app.documentUrl === null ? [] : [{ label: "Its document", text: app.documentUrl }]),
    ...(app.reason === null ? [] : [{ label: "Why it may not", text: app.reason }]),
    { label: "Type", text: TYPES[app.type] ?? app.type },
    { label: "Returns people to", text: app.redirectUris.join(", ") || "nowhere" },
    { label: "May ask for", text: app.scopes.join(", ") },
    { label: "Sign-in by a code", text: app.deviceFlow ? "yes" : "no" },
    { label: "Added", value: <When ms={app.createdAtMs} now={now} never="" /> },
  ]
}

const ACTS = {
  suspend: {
    verb: "Suspend",
    words: [
      "Nobody can sign in to it, and its tokens stop working at once. What people allowed is kept.",
      "An app that describes itself stays out while it stands here suspended; a removed one could come back.",
    ],
  },
  reinstate: {
    verb: "Let in",
    words: ["People can sign in to it again. Those who were signed in have to do it anew."],
  },
  remove: {
    verb: "Remove",
    words: [
      "Everybody who let it in is signed out of it, and their permission ends. Charges keep its name.",
      "It can come back under a new id when somebody uses it again. Suspend it to keep it out.",
    ],
  },
} as const

export function AdminAppStatePage(props: {
  frame: Frame
  app: { id: string; name: string }
  act: keyof typeof ACTS
  form: FormView
}): JSX.Element {
  const { frame, app, form } = props
  const { verb, words } = ACTS[props.act]
  return (
    <ConfirmPage
      frame={frame}
      title={`${verb} ${app.name}?`}
      section="Admin"
      up={[UP, { href: appPath(app.id), label: app.name }]}
      form={form}
      cancelHref={appPath(app.id)}
      words={words}
    />
  )
}
