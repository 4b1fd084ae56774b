// Webhook endpoints of an app or of a person: the list with the form of a new one, and the end of one.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { AppTabs } from "../portal/app-tabs.tsx"
import { Badge, Empty, FormOf, type FormView, Table, type Tone, When } from "../ui/index.ts"

/** Where these pages are. */
export interface WebhookPlace {
  /** Path of the list. */
  path: string
  up: { href: string; label: string }
  section?: "Developer" | undefined
  /** Of an app's. */
  app?: { id: string; name: string } | undefined
}

export type WebhookState = "on" | "owner" | "gone" | "failing" | "overflow"

export interface WebhookRow {
  id: string
  url: string
  description: string
  testMode: boolean
  state: WebhookState
  /** Names of events; null = all. */
  types: readonly string[] | null
  createdMs: number
  /** Since when nothing was taken, while it is still tried. */
  failingMs: number | null
  delivered: number
  failed: number
  waiting: number
}

const STATES: Readonly<Record<WebhookState, { text: string; tone: Tone }>> = {
  on: { text: "On", tone: "ok" },
  owner: { text: "Off", tone: "neutral" },
  gone: { text: "Off: it answered 410", tone: "bad" },
  failing: { text: "Off: nothing was taken", tone: "bad" },
  overflow: { text: "Off: too much waits", tone: "bad" },
}

export function WebhookStateBadge({ state, failingMs }: Pick<WebhookRow, "state" | "failingMs">): JSX.Element {
  if (state === "on" && failingMs !== null) return <Badge tone="warn" text="Failing" />
  return <Badge {...STATES[state]} />
}

export const webhookPath = (place: Pick<WebhookPlace, "path">, id: string): string =>
  `${place.path}/${encodeURIComponent(id)}`

export interface WebhooksProps {
  frame: Frame
  now: number
  place: WebhookPlace
  rows: readonly WebhookRow[]
  most: number
  form: FormView
}

const COLUMNS = [
  { label: "Address" },
  { label: "State" },
  { label: "Events" },
  { label: "Taken, last day", numeric: true },
  { label: "Failed", numeric: true },
  { label: "Added", minor: true },
]

/** POST <path>: csrf, url, description, event, and of a person's own mode. */
export function WebhooksPage({ frame, now, place, rows, most, form }: WebhooksProps): JSX.Element {
  const whose = place.app ? "your app" : "your account"
  return (
    <ConsoleLayout
      frame={frame}
      title="Webhooks"
      section={place.section}
      lead={`Addresses of yours that are called when something happens to ${whose}. Each call is signed.`}
      up={place.up}
    >
      {place.app ? <AppTabs app={place.app} part="webhooks" /> : null}
      <section aria-labelledby="hooks-title">
        <h2 id="hooks-title">Endpoints</h2>
        {rows.length === 0 ? (
          <Empty title="No endpoint" text="Add one below. You get its secret once, to check who calls." />
        ) : (
          <Table caption="Endpoints" hideCaption columns={COLUMNS} rows={rows.map((row) => cells(place, row, now))} />
        )}
        <p class="quiet">
          {"What there is to hear of: "}
          <a href="/developer/webhooks/events">all events</a>
          {"."}
        </p>
      </section>
      <section aria-labelledby="new-title">
        <h2 id="new-title">New endpoint</h2>
        {rows.length >= most ? (
          <p class="quiet" safe>{`There may be ${most} endpoints. Remove one to add another.`}</p>
        ) : (
          <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
        )}
      </section>
    </ConsoleLayout>
  )
}

const cells = (place: WebhookPlace, row: WebhookRow, now: number): JSX.Element[] => [
  <>
    <a href={webhookPath(place, row.id)}>
      <bdi safe>{row.url}</bdi>
    </a>
    {row.testMode && !place.app ? (
      <>
        {" "}
        <Badge text="Test" />
      </>
    ) : null}
    {row.description === "" ? null : (
      <>
        {" "}
        <bdi class="quiet" safe>
          {row.description}
        </bdi>
      </>
    )}
  </>,
  <WebhookStateBadge {...row} />,
  <span safe>{row.types === null ? "All" : String(row.types.length)}</span>,
  <span class="num" safe>
    {row.delivered.toLocaleString("en-US")}
  </span>,
  <span class="num" safe>
    {row.failed.toLocaleString("en-US")}
  </span>,
  <When ms={row.createdMs} now={now} />,
]

export interface WebhookRemoveProps {
  frame: Frame
  place: WebhookPlace
  row: Pick<WebhookRow, "id" | "url">
  form: FormView
}

export function WebhookRemovePage({ frame, place, row, form }: WebhookRemoveProps): JSX.Element {
  const path = webhookPath(place, row.id)
  return (
    <ConfirmPage
      frame={frame}
      title="Remove this endpoint?"
      section={place.section}
      up={{ href: path, label: "Endpoint" }}
      form={form}
      cancelHref={path}
    >
      <p>
        <bdi class="strong" safe>
          {row.url}
        </bdi>
      </p>
      <p>
        Nothing more is sent there. What waits for it is dropped, and its log and secret are deleted. It cannot be
        brought back; to pause it, turn it off instead.
      </p>
    </ConfirmPage>
  )
}
