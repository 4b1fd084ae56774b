// Cookies by name and lifetime. `__Host-` and Secure on https; plain names on http, which configuration allows on loopback only.

export type CookieName =
  | "auth"
  | "console"
  | "browser"
  | "theme"
  | "flash"
  | "once"
  | "kept"
  | "list"
  | "zone"
  | "nav"
  | "fedcm"
  | "return"

/** What each is for and how long it stays, for the page that says so: a name without a line here does not compile. */
export const COOKIE_FACTS: Readonly<Record<CookieName, { what: string; kept: string }>> = {
  auth: { what: "You are signed in; one for each account of this browser.", kept: "up to 60 days, until you sign out" },
  console: { what: "You are signed in to your own pages.", kept: "up to 60 days, until you sign out" },
  browser: { what: "Tells forms of this browser from forms of other sites.", kept: "400 days" },
  theme: { what: "Light or dark, as you chose.", kept: "a year" },
  flash: { what: "A line to be shown on the next page, sealed.", kept: "a minute, or until it is shown" },
  once: { what: "A secret that was just made, sealed, to be shown once.", kept: "a minute, or until it is shown" },
  kept: {
    what: "What you typed while you were signed out, to be sent again.",
    kept: "15 minutes, or until it is sent",
  },
  list: { what: "Columns that you chose in lists.", kept: "a year" },
  zone: { what: "Your time zone, so that times are yours.", kept: "a year" },
  nav: { what: "Parts of the menu that you closed.", kept: "a year" },
  fedcm: {
    what: "Lets your browser offer this account to apps, where it can do so.",
    kept: "up to 60 days, until you sign out",
  },
  return: { what: "The app that sent you here for more credits, to lead you back to it.", kept: "an hour" },
}

/** What scripts keep in the browser beside cookies; it is never sent. A test holds the list to the scripts. */
export const STORAGE_FACTS: readonly { script: string; name: string; what: string; kept: string }[] = [
  {
    script: "tabs.js",
    name: "Language of code",
    what: "The language you read examples in.",
    kept: "until you delete it",
  },
  {
    script: "chart.js",
    name: "Patterns in charts",
    what: "That you want patterns beside colours.",
    kept: "until you delete it",
  },
  {
    script: "playground.js",
    name: "Questions on the playground",
    what: "Your last 20 questions there, with their answers.",
    kept: "until you clear it there",
  },
  {
    script: "palette.js",
    name: "Last places",
    what: "Pages you went to from the search.",
    kept: "until the tab is closed",
  },
]

/** One of several cookies of a name, for what may be set by several answers at once: `browser-x1y2`. */
type NumberedName = CookieName | `${CookieName}-${string}`

export interface Cookies {
  read(request: Request, name: CookieName): string | null
  /** Its name in the browser, for what scripts write. */
  nameOf(name: CookieName): string
  /** The cookie and its numbered ones, oldest first: browsers send them in that order (RFC 6265 §5.4). */
  readAll(request: Request, name: CookieName): { name: NumberedName; value: string }[]
  /** A Set-Cookie value. HttpOnly, SameSite=Lax: the way back from an app's site is a cross-site top-level GET. */
  set(name: NumberedName, value: string, maxAgeSeconds?: number): string
  /** One that the browser sends along when it asks for a page of another site, with SameSite=None. For what opens nothing by itself. */
  setForeign(name: NumberedName, value: string, maxAgeSeconds: number): string
  clear(name: NumberedName): string
}

export function createCookies(options: { secure: boolean }): Cookies {
  const prefix = options.secure ? "__Host-" : "purser_"
  const nameOf = (name: NumberedName) => `${prefix}${name}`
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${options.secure ? "; Secure" : ""}`
  return {
    nameOf,
    read(request, name) {
      const wanted = nameOf(name)
      for (const [each, value] of pairsOf(request)) if (each === wanted) return safeDecode(value)
      return null
    },
    readAll(request, name) {
      const found: { name: NumberedName; value: string }[] = []
      for (const [each, raw] of pairsOf(request)) {
        if (each !== nameOf(name) && !each.startsWith(`${nameOf(name)}-`)) continue
        const value = safeDecode(raw)
        if (value !== null) found.push({ name: each.slice(prefix.length) as NumberedName, value })
      }
      return found
    },
    set: (name, value, maxAgeSeconds) =>
      `${nameOf(name)}=${encodeURIComponent(value)}${attributes}${maxAgeSeconds === undefined ? "" : `; Max-Age=${maxAgeSeconds}`}`,
    // Loopback counts as secure.
    setForeign: (name, value, maxAgeSeconds) =>
      `${nameOf(name)}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=${maxAgeSeconds}`,
    clear: (name) => `${nameOf(name)}=${attributes}; Max-Age=0`,
  }
}

function* pairsOf(request: Request): Generator<[name: string, value: string]> {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const pair = part.trim()
    const at = pair.indexOf("=")
    if (at > 0) yield [pair.slice(0, at), pair.slice(at + 1)]
  }
}

function safeDecode(value: string): string | null {
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
