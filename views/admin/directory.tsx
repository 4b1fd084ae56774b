// Listings of the directory as an admin has them: those that wait, those that people reported, those that are shown.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { Avatar, Badge, Button, Empty, Pager, Table, Tabs, When } from "../ui/index.ts"

type Cut = "waiting" | "reported" | "listed" | "suspended"
type State = "draft" | "listed" | "unlisted" | "suspended"

export interface AdminListingRow {
  id: string
  name: string
  tagline: string
  state: State
  askedMs: number | null
  /** That wait. */
  reports: number
  /** Different people in 30 days. */
  people: number
  isFeatured: boolean
  developer: string
  developerHref: string | null
  iconUrl?: string | undefined
}

export interface AdminDirectoryProps {
  frame: Frame
  now: number
  cut: Cut
  counts: { waiting: number; reported: number }
  rows: readonly AdminListingRow[]
  /** From 0. */
  page: number
  hasNext: boolean
}

export const LIST = "/admin/directory"
export const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`
const cutHref = (cut: Cut, page = 0): string =>
  `${LIST}${cut === "waiting" ? "" : `?show=${cut}`}${page === 0 ? "" : `${cut === "waiting" ? "?" : "&"}page=${page}`}`

const STATES: Readonly<Record<State, { tone: "ok" | "bad" | "neutral"; text: string }>> = {
  draft: { tone: "neutral", text: "Draft" },
  listed: { tone: "ok", text: "Listed" },
  unlisted: { tone: "neutral", text: "Not listed" },
  suspended: { tone: "bad", text: "Suspended" },
}

const EMPTY: Readonly<Record<Cut, { title: string; text: string }>> = {
  waiting: { title: "Nothing waits for you", text: "Listings that developers send in stand here, the oldest first." },
  reported: { title: "No report waits", text: "Apps that people report stand here, those with most reports first." },
  listed: { title: "No app is listed", text: "Apps that everybody sees in the directory stand here." },
  suspended: { title: "None is suspended", text: "Listings that you take out of the directory stand here." },
}

/** GET /admin/directory */
export function AdminDirectoryPage(props: AdminDirectoryProps): JSX.Element {
  const { frame, cut, counts, rows, page, hasNext } = props
  const tab = (one: Cut, label: string, n?: number) => ({
    label,
    href: cutHref(one),
    current: cut === one,
    count: n === undefined ? undefined : String(n),
  })
  return (
    <ConsoleLayout
      frame={frame}
      title="App directory"
      section="Admin"
      lead="What developers show of their apps. Whether you look at it first is a setting."
      action={<Button href="/directory" label="Open the directory" />}
    >
      <Tabs
        label="Which listings"
        tabs={[
          tab("waiting", "To review", counts.waiting),
          tab("reported", "Reported", counts.reported),
          tab("listed", "Listed"),
          tab("suspended", "Suspended"),
        ]}
      />
      <Table
        caption="Listings"
        hideCaption
        columns={[{ label: "App" }, { label: "Developer" }, { label: "State" }, { label: "People", numeric: true }]}
        rows={rows.map((row) => cells(row, props.now))}
        empty={<Empty {...EMPTY[cut]} />}
      />
      <Pager
        label="More listings"
        firstHref={page > 0 ? cutHref(cut) : undefined}
        nextHref={hasNext ? cutHref(cut, page + 1) : undefined}
      />
    </ConsoleLayout>
  )
}

function cells(row: AdminListingRow, now: number): JSX.Element[] {
  return [
    <span class="listing-who">
      <Avatar name={row.name} src={row.iconUrl} />
      <span>
        <a href={pathOf(row.id)}>
          <bdi safe>{row.name}</bdi>
        </a>
        <br />
        <span class="quiet" safe>
          {row.tagline}
        </span>
      </span>
    </span>,
    <Developer {...row} />,
    <span class="badges">
      <Badges {...row} />
      {row.askedMs === null ? null : (
        <span class="quiet">
          <When ms={row.askedMs} now={now} />
        </span>
      )}
    </span>,
    <span class="num" safe>
      {String(row.people)}
    </span>,
  ]
}

export function Developer({
  developer,
  developerHref,
}: Pick<AdminListingRow, "developer" | "developerHref">): JSX.Element {
  if (developerHref === null) return <bdi safe>{developer}</bdi>
  return (
    <a href={developerHref}>
      <bdi safe>{developer}</bdi>
    </a>
  )
}

export function Badges({
  state,
  askedMs,
  reports,
  isFeatured,
}: Omit<AdminListingRow, "developer" | "developerHref">): JSX.Element {
  return (
    <>
      <Badge {...STATES[state]} />
      {askedMs === null ? null : <Badge tone="accent" text="To review" />}
      {isFeatured ? <Badge tone="accent" text="Featured" /> : null}
      {reports === 0 ? null : <Badge tone="warn" text={plural(reports, "report")} />}
    </>
  )
}
