// What every page knows beside its own subject, and the shape of form errors. Types only.

import type { IconName } from "../ui/icon.tsx"

export type Theme = "system" | "light" | "dark"

/** The ordinary form with the values that were before. */
export interface Undo {
  action: string
  /** By name in HTML. */
  fields: Readonly<Record<string, readonly string[]>>
  /** Default: "Undo". */
  label?: string | undefined
  /** Public id of the person who acted. */
  for?: string | undefined
}

export interface Flash {
  kind: "ok" | "error" | "info"
  text: string
  undo?: Undo | undefined
  /** Stays until it is closed; errors do anyway. */
  stays?: boolean | undefined
}

export interface FrameUser {
  /** Public id; form tokens name it, so that nobody sends a form of somebody else's page. */
  id?: string | undefined
  name: string | null
  email: string
  /** Address of their picture; without one their initial stands for it. */
  avatarUrl?: string | undefined
  isDeveloper: boolean
  isAdmin: boolean
  /** The team that they act as now; form tokens name it too. */
  acting?: { id: string; name: string; role: string } | undefined
  /** Teams that they may act as. */
  teams?: readonly { id: string; name: string }[] | undefined
}

/** A place in the sidebar. */
export interface NavLink {
  href: string
  label: string
  icon: IconName
  /** True when only the exact path counts as here. */
  exact?: boolean | undefined
}

export interface NavGroup {
  title: string | null
  links: readonly NavLink[]
}

/** How this house is called and looks, as its operator set it. */
export interface Brand {
  name: string
  /** Address of the logo, square; none: the mark of the product. */
  logoUrl?: string | undefined
  /** For home screens of phones. */
  touchUrl?: string | undefined
  /** A style sheet with the operator's accent; none: the tokens as they are. */
  sheetUrl?: string | undefined
  /** Where people get help, and pages of the house elsewhere, for the foot of public pages. */
  links?: readonly { href: string; label: string }[] | undefined
  /** Who runs it: "© 2026 Acme Ltd". */
  owner?: string | undefined
}

/** Rendered by every layout; the server builds it once per request. */
export interface Frame {
  theme: Theme
  /** Token of this session; every POST form carries it as `csrf`. */
  csrf: string
  flash?: Flash | undefined
  /** Path of this page without query, for `aria-current`. */
  path: string
  /** Path with query when this page answers a GET, so that a form can lead back to it. */
  here?: string | undefined
  user?: FrameUser | undefined
  /** The parts of the console that this person has. */
  nav: readonly NavGroup[]
  /** Notices that were not read, at most 100; none = nobody is signed in. */
  unread?: number | undefined
  /** Titles of the groups that this browser keeps closed, and the cookie that says so. */
  closed?: readonly string[] | undefined
  closedCookie?: string | undefined
  requestId: string
  brand?: Brand | undefined
  /** "https://ai.example.com": where this house is reached; for addresses that others read. */
  origin?: string | undefined
  /** What holds for all pages now, such as that this server only stands by. */
  notice?: string | undefined
  /** An announcement that this person has not put away. */
  announcement?: { id: string; title: string } | undefined
  /** True in demo mode: links the mailbox, names the sandbox. */
  demo?: boolean | undefined
}

/** Message per field name; the key `form` is for the form as a whole. Same shape as `AppError.extra.formErrors`. */
export type FormErrors = Record<string, string>
