// The signed-in console: sidebar with the parts a person has, page head, content. On phones the menu is a <details>.
import type { Children } from "@kitajs/html"
import { Avatar } from "../ui/avatar.tsx"
import { Button } from "../ui/button.tsx"
import { FlashRegion, FrameNotice } from "../ui/feedback.tsx"
import { Form } from "../ui/form.tsx"
import { Icon } from "../ui/icon.tsx"
import { Breadcrumbs, type Crumb } from "../ui/nav.tsx"
import { leftOut } from "../ui/seat.ts"
import { ThemeSwitch } from "../ui/theme.tsx"
import { assetUrl } from "./assets.ts"
import { BrandMark } from "./brand.tsx"
import type { Frame, NavGroup } from "./frame.ts"
import { Page } from "./page.tsx"
import { PaletteButton, PaletteTemplate } from "./palette.tsx"

/** The longest link that is a prefix of the path is the current place, so "New app" does not also mark "Your apps". */
function currentHref(groups: readonly NavGroup[], path: string): string | undefined {
  return groups
    .flatMap((group) => group.links)
    .filter((link) => path === link.href || (!link.exact && path.startsWith(`${link.href}/`)))
    .toSorted((a, b) => b.href.length - a.href.length)[0]?.href
}

/** Leads to its page, and is put away by one press. */
function Announcement({ frame: { announcement, csrf, path } }: { frame: Frame }): JSX.Element {
  const href = `/announcements/${encodeURIComponent(announcement?.id ?? "")}`
  if (announcement === undefined || path === href) return ""
  return (
    <div class="notice announcement">
      <Icon name="info" />
      <a href={href}>
        <bdi safe>{announcement.title}</bdi>
      </a>
      <Form action={`${href}/dismissal`} csrf={csrf} class="cell-form">
        <Button small label="Put it away" />
      </Form>
    </div>
  )
}

/** What was not read; the page behind it says what. */
function Bell({ frame }: { frame: Frame }): JSX.Element {
  const count = frame.unread ?? 0
  const shown = count > COUNT_MAX ? `${COUNT_MAX}+` : String(count)
  return (
    <a class="bell" href="/notices" aria-current={frame.path === "/notices" ? "page" : undefined}>
      <Icon name="bell" />
      <span class="sr" safe>
        {count === 0 ? "Notices" : `Notices, ${shown} unread`}
      </span>
      {count === 0 ? null : (
        <span class="bell-count" aria-hidden="true" safe>
          {shown}
        </span>
      )}
    </a>
  )
}

/** Of unread notices, what is told apart. */
const COUNT_MAX = 99

/** Whose credits, keys and invoices these pages show; always in sight of somebody who has a choice. */
function Seat({ frame }: { frame: Frame }): JSX.Element {
  const { acting, teams = [] } = frame.user ?? {}
  if (teams.length === 0 && !acting) return ""
  const others = [...(acting ? [{ id: "", name: "Yourself" }] : []), ...teams.filter(({ id }) => id !== acting?.id)]
  return (
    <details class={acting ? "seat seat-team" : "seat"}>
      <summary>
        <Icon name={acting ? "users" : "coin"} />
        <span class="seat-text">
          <span class="quiet">Credits of</span>
          <bdi safe>{acting?.name ?? "yourself"}</bdi>
        </span>
        <Icon name="down" />
      </summary>
      <ul class="plain">
        {others.map(({ id, name }) => (
          <li>
            <Form action="/acting" csrf={frame.csrf} class="nav-form">
              <input type="hidden" name="team" value={id} />
              <button type="submit" class="nav-foot-link">
                <span>
                  {"Act as "}
                  <bdi safe>{name}</bdi>
                </span>
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The same where the menu is closed: whose credits a press spends is read before it. */
function ShortSeat({ user }: Frame): JSX.Element {
  return user?.acting === undefined ? (
    ""
  ) : (
    <span class="seat-short">
      <span class="sr">{"Acting as "}</span>
      <bdi safe>{user.acting.name}</bdi>
    </span>
  )
}

function Nav({ frame, label }: { frame: Frame; label: string }): JSX.Element {
  const groups = frame.nav
  const here = currentHref(groups, frame.path)
  return (
    <>
      <Seat frame={frame} />
      <PaletteButton />
      <nav aria-label={label}>
        {groups.map((group) =>
          group.title === null ? (
            <Links frame={frame} group={group} here={here} />
          ) : (
            <details
              class="nav-group"
              open={!frame.closed?.includes(group.title) || group.links.some(({ href }) => href === here)}
              data-name={group.title}
              data-cookie={frame.closedCookie}
            >
              <summary data-load={assetUrl("js/groups.js")}>
                <span safe>{group.title}</span>
                <Icon name="down" />
              </summary>
              <Links frame={frame} group={group} here={here} />
            </details>
          ),
        )}
      </nav>
      <div class="nav-foot">
        {frame.user ? (
          <p class="who">
            <Avatar name={frame.user.name ?? frame.user.email} src={frame.user.avatarUrl} />
            <span class="who-text">
              <bdi safe>{frame.user.name ?? frame.user.email}</bdi>
              {frame.user.name ? (
                <span class="quiet" title={frame.user.email} safe>
                  {frame.user.email}
                </span>
              ) : null}
            </span>
          </p>
        ) : null}
        <Leave frame={frame} />
        {frame.demo ? (
          <a class="nav-foot-link" href="/mailbox">
            <Icon name="mail" />
            <span>Demo mailbox</span>
          </a>
        ) : null}
        <ThemeSwitch frame={frame} />
      </div>
    </>
  )
}

/** To another account, and out. */
function Leave({ frame }: { frame: Frame }): JSX.Element {
  return (
    <>
      <a class="nav-foot-link" href={`/console/login?choose=1&next=${encodeURIComponent(frame.path)}`}>
        <Icon name="users" />
        <span>Switch account</span>
      </a>
      <Form action="/logout/confirmation" csrf={frame.csrf} class="nav-form">
        <button type="submit" class="nav-foot-link">
          <Icon name="out" />
          <span>Sign out</span>
        </button>
      </Form>
    </>
  )
}

function Links({ frame, group, here }: { frame: Frame; group: NavGroup; here: string | undefined }): JSX.Element {
  return (
    <ul class="plain nav-links">
      {group.links.map((link) => (
        <li>
          <a
            href={link.href}
            aria-current={link.href === here ? (link.href === frame.path ? "page" : "true") : undefined}
          >
            <Icon name={link.icon} />
            <span safe>{link.label}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}

/** What the page does not offer its reader; asked when its parts are made. */
function LeftOut(): JSX.Element {
  const words = leftOut()
  return words === null ? (
    ""
  ) : (
    <p class="quiet" safe>
      {words}
    </p>
  )
}

export interface ConsoleLayoutProps {
  frame: Frame
  title: string
  section?: "Developer" | "Admin" | undefined
  /** One sentence of what this page is for. */
  lead?: string | undefined
  /** At most one primary action. */
  action?: Children
  /** What this page lies in, from the top down; below the second level only. */
  up?: Crumb | readonly Crumb[] | undefined
  /** False when the body brings its own h1 (confirm pages). */
  head?: boolean | undefined
  live?: boolean | undefined
  children: Children
}

export function ConsoleLayout(props: ConsoleLayoutProps): JSX.Element {
  const { frame } = props
  return (
    <Page frame={frame} title={props.title} section={props.section} kind="console" live={props.live}>
      <header class="sidebar" {...{ "aria-label": "Sidebar" }}>
        <div class="side-head">
          <a class="brand" href="/dashboard">
            <BrandMark brand={frame.brand} />
          </a>
          <Bell frame={frame} />
        </div>
        <Nav frame={frame} label="Main" />
      </header>
      <header class="topbar" {...{ "aria-label": "Top bar" }}>
        <a class="brand" href="/dashboard">
          <BrandMark brand={frame.brand} />
        </a>
        <ShortSeat {...frame} />
        <Bell frame={frame} />
        <details class="menu">
          <summary>
            <Icon name="menu" />
            <span>Menu</span>
          </summary>
          <div class="menu-panel">
            <Nav frame={frame} label="Menu" />
          </div>
        </details>
      </header>
      <main id="main" tabindex="-1">
        <FrameNotice notice={frame.notice} />
        <Announcement frame={frame} />
        {props.up ? <Breadcrumbs trail={[props.up].flat()} /> : null}
        {props.head === false ? null : (
          <div class="page-head">
            <div>
              <h1>
                <bdi safe>{props.title}</bdi>
              </h1>
              {props.lead ? (
                <p class="lead" safe>
                  {props.lead}
                </p>
              ) : null}
            </div>
            {props.action ?? null}
          </div>
        )}
        <LeftOut />
        <FlashRegion flash={frame.flash} csrf={frame.csrf} />
        {props.children}
      </main>
      <PaletteTemplate user={frame.user} />
    </Page>
  )
}
