// What was typed into a form whose session was over, until its person is back. In memory, because a cookie has no room for a long form
// and could be played back as often as somebody likes, and because rows would make a stranger's POST a write: a restart in those minutes
// loses it, which is all. Each is sealed for its handle (a cookie of this browser), its owner (named by the form's own token, which only
// a page of that person had) and its page. Taking it ends it, whoever asks.
import { type Keyring, KeyringError, LIMITS, randomSecret, sha256Hex } from "../app/index.ts"
import type { Cookies } from "./cookies.ts"
import type { Csrf } from "./csrf.ts"

/** A form that was sent, without its token and its secrets. */
export interface Unfinished {
  /** Address it was sent to, and the route behind it. */
  path: string
  pattern: string
  params: Readonly<Record<string, string>>
  /** By name in HTML. */
  fields: readonly (readonly [name: string, value: string])[]
}

/** `form` null: its key was taken out of use meanwhile (`keys reseal`), and nobody can read it any more. */
export interface TakenForm {
  form: Unfinished | null
  /** Set-Cookie that forgets its handle. */
  forget: string
}

export interface KeptForms {
  /** Keeps it. @param owner of `csrf.ownerOf`. @returns the Set-Cookie, or null for one that is too large */
  keepForm(form: Unfinished & { owner: string }): string | null
  /** The same where the page itself says whom it was shown to. @param person public id */
  keepFor(request: Request, person: string, form: Unfinished): string | null
  /** The newest of this page that this browser left, if it is this person's; it is gone then in any case. */
  takeForm(request: Request, path: string, person: string): TakenForm | null
  /** Whether this browser left one. */
  hasKept(request: Request): boolean
  /** How much is kept, in characters. */
  chars(): number
}

interface Entry {
  path: string
  owner: string
  sealed: string
  endsMs: number
}

export function createKeptForms(deps: {
  cookies: Cookies
  csrf: Csrf
  keyring: Keyring
  now?: () => number
}): KeptForms {
  const { cookies, csrf, keyring, now = Date.now } = deps
  /** By hash of the handle, the oldest first. */
  const entries = new Map<string, Entry>()
  let chars = 0
  const drop = (key: string): void => {
    chars -= entries.get(key)?.sealed.length ?? 0
    entries.delete(key)
  }
  const living = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry && entry.endsMs > now() ? entry : undefined
  }
  const makeRoom = (owner: string, size: number): void => {
    for (const key of entries.keys()) if (!living(key)) drop(key)
    const own = [...entries].filter(([, entry]) => entry.owner === owner)
    for (const [key] of own.slice(0, Math.max(0, own.length + 1 - LIMITS.keptFormsPerPerson))) drop(key)
    for (const key of entries.keys()) if (chars + size > LIMITS.keptFormsCharsMax) drop(key)
  }

  const kept: KeptForms = {
    keepForm({ owner, ...form }) {
      const text = JSON.stringify(form)
      if (text.length > LIMITS.keptFormCharsMax) return null
      const handle = randomSecret()
      const { path } = form
      const sealed = keyring.seal("kept-form", placeOf(handle, { owner, path }), text)
      makeRoom(owner, sealed.length)
      entries.set(sha256Hex(handle), { path, owner, sealed, endsMs: now() + LIMITS.keptFormMs })
      chars += sealed.length
      return cookies.set(`kept-${handle.slice(0, 8)}`, handle, Math.floor(LIMITS.keptFormMs / 1_000))
    },
    keepFor: (request, person, form) => kept.keepForm({ ...form, owner: csrf.ownerNamed(request, person) }),
    takeForm(request, path, person) {
      for (const { name, value: handle } of cookies.readAll(request, "kept").toReversed()) {
        const key = sha256Hex(handle)
        const entry = living(key)
        if (entry?.path !== path) continue
        drop(key)
        // One that nobody can read has no owner either: that its key is gone is all there is to say.
        const form = opened(keyring, placeOf(handle, entry), entry.sealed)
        if (form && !csrf.isOwner(request, entry.owner, person)) return null
        return { form, forget: cookies.clear(name) }
      }
      return null
    },
    hasKept: (request) => cookies.readAll(request, "kept").some(({ value }) => living(sha256Hex(value)) !== undefined),
    chars: () => chars,
  }
  return kept
}

const placeOf = (handle: string, { owner, path }: Pick<Entry, "owner" | "path">): string => `${handle}:${owner}:${path}`

/** Null: no key that is in use opens it. */
function opened(keyring: Keyring, place: string, sealed: string): Unfinished | null {
  try {
    return JSON.parse(keyring.open("kept-form", place, sealed)) as Unfinished
  } catch (error) {
    if (error instanceof KeyringError) return null
    throw error
  }
}
