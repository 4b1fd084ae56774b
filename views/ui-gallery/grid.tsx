import { credits } from "../../src/app/units.ts"
import {
  Badge,
  Button,
  CreditsNumber,
  Empty,
  Facets,
  Grid,
  type GridColumn,
  type GridProps,
  type GridState,
  RowLink,
  When,
} from "../ui/index.ts"
import type { Specimen, Stand } from "./specimen.ts"

const HOUR = 3_600_000

interface App {
  name: string
  used: number
  ago: number
  isOn: boolean
}

const APPS: readonly App[] = [
  { name: "Storyteller", used: 812, ago: 40_000, isOn: true },
  { name: `Donaudampfschifffahrtsgesellschaft ${"Kapitän".repeat(6)}`, used: 1_240_000, ago: HOUR, isOn: true },
  { name: "مفكرة الهامش", used: 9, ago: 26 * HOUR, isOn: false },
]

const state = (more: Partial<GridState> = {}): GridState => ({
  path: "/_ui",
  query: {},
  sort: { by: "used", descending: true },
  sortText: undefined,
  sorts: { name: "ascending", used: "descending" },
  columns: ["state", "used", "last"],
  isFirst: false,
  previous: "WzEsMV0",
  next: "WzIsMl0",
  ...more,
})

const columnsAt = (now: number): readonly GridColumn<App>[] => [
  { key: "name", label: "App", fixed: true, sort: "name", cell: (app) => <RowLink href="/_ui" label={app.name} /> },
  {
    key: "state",
    label: "State",
    cell: (app) => <Badge tone={app.isOn ? "ok" : "bad"} text={app.isOn ? "Active" : "Suspended"} />,
  },
  {
    key: "used",
    label: "Used, credits",
    numeric: true,
    sort: "used",
    cell: (app) => <CreditsNumber amount={credits(app.used)} />,
  },
  { key: "last", label: "Last use", minor: true, cell: (app) => <When ms={now - app.ago} now={now} /> },
]

const grid = (on: Stand, name: string, more: Partial<GridProps<App>> = {}): JSX.Element => (
  <Grid
    id={on.id(name)}
    caption="Apps"
    one="app"
    many="apps"
    state={state()}
    columns={columnsAt(on.now)}
    rows={APPS}
    matching={12}
    total={1240}
    csvPath="/_ui"
    empty={
      <Empty
        title="No app matches"
        text="Search for a part of the name, or loosen a filter."
        action={<Button href="/_ui" label="Show all" />}
      />
    }
    {...more}
  />
)

export const GRID: readonly Specimen[] = [
  {
    name: "Data grid",
    use: "Rows that are searched, compared and acted on. What is chosen stays in the form; acts ask before anything happens.",
    wide: true,
    draw: (on) =>
      grid(on, "full", {
        saved: {
          csrf: on.csrf,
          action: "/theme",
          lists: [
            { id: 1, name: "Suspended", query: "status=suspended" },
            { id: 2, name: "الأكثر استخدامًا", query: "sort=-used" },
          ],
        },
        pick: {
          action: "/_ui/confirm",
          name: "app",
          match: "match",
          of: (app) => ({ value: app.name, label: app.name }),
          acts: [
            { name: "suspend", label: "Suspend…" },
            { name: "plan", label: "Change limits…" },
          ],
        },
      }),
  },
  {
    name: "Data grid, narrowed and first page",
    use: "Fewer columns, by name, everything that matches on one page.",
    wide: true,
    draw: (on) =>
      grid(on, "narrow", {
        matching: 1240,
        state: state({
          columns: ["used"],
          sort: { by: "name", descending: false },
          isFirst: true,
          previous: null,
          next: null,
        }),
      }),
  },
  {
    name: "Data grid without rows",
    use: "Says what was looked for, and how to see more.",
    wide: true,
    draw: (on) =>
      grid(on, "empty", { rows: [], matching: 0, state: state({ isFirst: true, previous: null, next: null }) }),
  },
  {
    name: "Facets",
    use: "What a list may be narrowed to, with how many rows each leaves.",
    draw: (on) => (
      <Facets
        label="Status"
        swap={on.id("list")}
        facets={[
          { label: "Everybody", href: "/_ui", rows: 1240, current: true },
          { label: "Active", href: "/_ui?status=active", rows: 1203 },
          { label: "Suspended", href: "/_ui?status=suspended", rows: 37 },
          { label: "Deleted", href: "/_ui?status=deleted", rows: 0 },
          { label: "خطة طويلة الاسم", href: "/_ui?status=other", rows: 3 },
        ]}
      />
    ),
  },
]
