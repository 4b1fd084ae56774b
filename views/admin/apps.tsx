// Every app of the house: who made it, how many people let it in, and whether it may.
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { type Review, ReviewBadge } from "../portal/app-review.tsx"
import { Badge, Button, Count, Empty, RowLink, SearchBox, Segments, type TableProps, When } from "../ui/index.ts"

export type AppSource = "appliance" | "developer" | "document" | "registration"
export type AppState = "live" | "suspended" | "removed"

/** In a word or two, and what they mean. */
export const SOURCES: readonly { source: AppSource; label: string; means: string }[] = [
  { source: "developer", label: "By developers", means: "Made by a developer of this server." },
  { source: "document", label: "By a document", means: "Describes itself at an address of its own." },
  { source: "registration", label: "Registered themselves", means: "A program registered it; nobody has checked it." },
  {
    source: "appliance",
    label: "Of this server",
    means: "The console, and apps of the house that an admin made: nobody is asked before they act.",
  },
]

export interface AdminAppRow {
  id: string
  name: string
  source: AppSource
  /** A developer, the host of its document, or nobody. */
  by: string
  people: number
  createdAtMs: number
  state: AppState
  /** Where it is on its way past an admin; null: nobody has to look at it. */
  review: Review | null
  /** Since when it waits. */
  askedMs: number | null
}

/** What waits for an admin, what changed since it was let in; null: all. */
export type AppsShown = "waiting" | "changed" | null

export interface AdminAppsProps {
  frame: Frame
  now: number
  apps: readonly AdminAppRow[]
  source: AppSource | null
  show: AppsShown
  /** Apps that wait for a review. */
  waiting: number
  text: string
  /** The number of the last one, where more follow. */
  olderThan: number | null
  isFirst: boolean
}

export const appPath = (id: string): string => `/admin/apps/${encodeURIComponent(id)}`

export const StateBadge = ({ state }: { state: AppState }): JSX.Element => {
  if (state === "live") return <Badge tone="ok" text="May sign people in" />
  return <Badge tone="bad" text={state === "suspended" ? "Suspended" : "Removed"} />
}

const address = (show: AppsShown, source: AppSource | null, text: string, before?: number): string => {
  const query = new URLSearchParams()
  if (show) query.set("show", show)
  if (source) query.set("source", source)
  if (text) query.set("q", text)
  if (before !== undefined) query.set("before", String(before))
  return `/admin/apps${query.size > 0 ? `?${query}` : ""}`
}

const tableOf = ({ apps, now }: AdminAppsProps): TableProps => ({
  caption: "Apps",
  empty: <Empty title="No app here" text="No app matches. Look among all of them, or for another name." />,
  columns: [
    { label: "App" },
    { label: "State" },
    { label: "Made", minor: true },
    { label: "People now", numeric: true },
    { label: "Added", numeric: true, minor: true },
  ],
  rows: apps.map((app) => [
    <span class="person">
      <RowLink href={appPath(app.id)} label={app.name} />
      <span class="quiet">
        <bdi safe>{app.by}</bdi>
      </span>
    </span>,
    <span class="badges">
      <StateBadge state={app.state} />
      {app.review === null || app.review === "approved" ? null : <ReviewBadge review={app.review} />}
      {app.askedMs === null ? null : (
        <span class="quiet">
          {"sent in "}
          <When ms={app.askedMs} now={now} />
        </span>
      )}
    </span>,
    <span safe>{SOURCES.find((one) => one.source === app.source)?.label ?? ""}</span>,
    <Count value={app.people} />,
    <When ms={app.createdAtMs} now={now} never="" />,
  ]),
})

export function AdminAppsPage(props: AdminAppsProps): JSX.Element {
  const { frame, source, show, waiting, text, olderThan, isFirst } = props
  return (
    <ListPage
      frame={frame}
      title="Apps"
      section="Admin"
      action={<Button href="/admin/apps/new" icon="plus" label="New app of the house" />}
      lead="Apps that people can let spend their credits, and who made them. Whether apps may come by themselves is a setting."
      filters={
        <>
          <SearchBox
            action="/admin/apps"
            label="Find an app"
            placeholder="Name or id"
            value={text}
            name="q"
            keep={{ ...(source ? { source } : {}), ...(show ? { show } : {}) }}
          />
          <Segments
            label="Review"
            links={[
              { label: "All apps", href: address(null, source, text), current: show === null },
              {
                label: waiting === 0 ? "Waiting" : `Waiting (${waiting})`,
                href: address("waiting", source, text),
                current: show === "waiting",
              },
              { label: "Changed since", href: address("changed", source, text), current: show === "changed" },
            ]}
          />
          <Segments
            label="Made"
            links={[
              { label: "Made by anybody", href: address(show, null, text), current: source === null },
              ...SOURCES.map((one) => ({
                label: one.label,
                href: address(show, one.source, text),
                current: source === one.source,
              })),
            ]}
          />
        </>
      }
      table={tableOf(props)}
      pager={{
        label: "Apps",
        previousHref: isFirst ? undefined : address(show, source, text),
        previousLabel: "Newest",
        nextHref: olderThan === null ? undefined : address(show, source, text, olderThan),
      }}
    />
  )
}
