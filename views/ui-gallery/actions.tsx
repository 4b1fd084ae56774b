import {
  Avatar,
  Breadcrumbs,
  Button,
  Icon,
  type IconName,
  Menu,
  Pager,
  Pagination,
  SearchBox,
  Tabs,
} from "../ui/index.ts"
import { DateRange } from "../ui/nav.tsx"
import { Stepper } from "../ui/progress.tsx"
import type { Specimen } from "./specimen.ts"

const ICONS: readonly IconName[] = [
  "home",
  "apps",
  "code",
  "users",
  "server",
  "gauge",
  "check",
  "alert",
  "info",
  "coin",
  "lock",
  "mail",
  "key",
  "receipt",
]

export const ACTIONS: readonly Specimen[] = [
  {
    name: "Button",
    use: "A verb that says what will happen. One primary at most on a page; danger only on the page that asks.",
    draw: () => (
      <div class="stack">
        <div class="actions">
          <Button kind="primary" label="Create app" type="button" />
          <Button label="Save limits" type="button" />
          <Button kind="danger" label="Revoke Storyteller" type="button" />
          <Button kind="link" label="Send another code" type="button" />
        </div>
        <div class="actions">
          <Button kind="primary" label="Disabled" type="button" disabled />
          <Button label="Disabled" type="button" disabled />
          <Button kind="danger" label="Disabled" type="button" disabled />
          <Button kind="link" label="Disabled" type="button" disabled />
        </div>
        <div class="actions">
          <Button kind="primary" label="Saving" type="button" busy />
          <Button label="Testing" type="button" busy />
          <Button kind="danger" label="Revoking" type="button" busy />
        </div>
        <div class="actions">
          <Button icon="plus" label="With an icon" type="button" />
          <Button small label="Small" type="button" />
          <Button small icon="download" label="CSV" href="/_ui" />
          <Button dialog href="/_ui/confirm" label="Opens a dialog" />
        </div>
        <Button wide kind="primary" label="Wide, for cards" type="button" />
      </div>
    ),
  },
  {
    name: "Menu",
    use: "Three or more things to do with one row. Fewer stand in the row as buttons.",
    draw: (on) => (
      <div class="actions">
        <Menu
          id={on.id("words")}
          label="Actions"
          items={[
            { label: "Change limits", href: "/_ui", icon: "settings" },
            { label: "See its calls", href: "/_ui", icon: "receipt" },
            { label: "Revoke", href: "/_ui/confirm", icon: "cross", danger: true, dialog: true },
          ]}
        />
        <Menu id={on.id("dots")} dots label="Actions for Storyteller" items={[{ label: "Open", href: "/_ui" }]} />
      </div>
    ),
  },
  {
    name: "Tabs",
    use: "Parts of one thing, each with its own address. Not for steps, not for filters.",
    draw: () => (
      <Tabs
        label="Storyteller"
        tabs={[
          { label: "Overview", href: "/_ui", current: true },
          { label: "Calls", href: "/_ui?tab=calls", count: "1,240" },
          { label: "Keys", href: "/_ui?tab=keys", count: "2" },
          { label: "Settings", href: "/_ui?tab=settings" },
        ]}
      />
    ),
  },
  {
    name: "Breadcrumbs",
    use: "From the third level on: what this page lies in. The page itself is the heading below.",
    draw: () => (
      <Breadcrumbs
        trail={[
          { label: "Your apps", href: "/_ui" },
          { label: "Storyteller", href: "/_ui" },
        ]}
      />
    ),
  },
  {
    name: "Search box",
    use: "Finds rows of one list. Other filters are kept.",
    draw: (on) => <SearchBox id={on.id("q")} action="/_ui" label="Search users" placeholder="Name, email or id" />,
  },
  {
    name: "Date range",
    use: "Which days a page tells about. The choice is part of the address.",
    draw: (on) => (
      <div class="stack">
        <DateRange id={on.id("a")} action="/_ui" current="30d" />
        <DateRange
          id={on.id("c")}
          action="/_ui"
          current="all"
          withAll
          fields={
            <div class="field">
              <label for={on.id("c-kind")}>Kind</label>
              <select id={on.id("c-kind")} name="kind">
                <option value="">All kinds</option>
              </select>
            </div>
          }
          clearHref="/_ui"
        />
        <DateRange
          id={on.id("b")}
          action="/_ui"
          current="custom"
          from="2026-03-31"
          to="2026-03-01"
          error="The first day is after the last. Change one of them."
        />
      </div>
    ),
  },
  {
    name: "Pager and pagination",
    use: "Newer and older for lists that grow; numbers only where the length is known and short.",
    draw: () => (
      <div class="stack">
        <Pager label="Movements" summary="50 of 1,240 movements" csvHref="/_ui" previousHref="/_ui" nextHref="/_ui" />
        <Pagination label="Products" page={4} pages={9} href={(page) => `/_ui?page=${page}`} />
      </div>
    ),
  },
  {
    name: "Stepper",
    use: "A task of two to five pages. Steps that are done may be opened again.",
    draw: () => (
      <Stepper
        label="Publish your app"
        steps={[
          { label: "Agreement", state: "done", href: "/_ui" },
          { label: "First app", state: "current" },
          { label: "First call", state: "next" },
        ]}
      />
    ),
  },
  {
    name: "Avatar and icons",
    use: "The first letter of a name, or its picture. Icons stand beside a word, never alone.",
    draw: () => (
      <div class="actions">
        <Avatar name="Mara" large />
        <Avatar name="Storyteller" />
        <Avatar name="👩‍🚀 Élan" />
        {ICONS.map((name) => (
          <Icon name={name} />
        ))}
      </div>
    ),
  },
]
