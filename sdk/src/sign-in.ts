// Signing in, by a window or by leaving the page, staying so, and signing out.
import type { Options, Person, SignInOptions } from "../sdk.d.ts"
import { IN_POPUP, onBack, openWindow } from "./back.ts"
import { ask, PurserError } from "./errors.ts"
import { claimsOf, hashOf, random } from "./pkce.ts"
import { alone, type Kept, type Store } from "./store.ts"

/** Tokens that end sooner are renewed first. */
const EARLY_MS = 60_000
/** How often a window is looked at, and how long its last word may take. */
const LOOK_MS = 200
const LAST_WORD_MS = 800

/** A sign-in on its way. */
interface Trip {
  state: string
  verifier: string
  nonce: string
  redirectUri: string
}
interface Tokens {
  access_token: string
  refresh_token?: string
  id_token?: string
  expires_in: number
  scope: string
}
/** Where things are: the origin of sign-in, and the address that `/v1` stands at. */
export interface Home {
  issuer: string
  api: string
}

export interface SignIn {
  signIn(options?: SignInOptions): Promise<Person>
  signOut(): Promise<void>
  token(refused?: string): Promise<string>
  /** Back from a redirect. */
  returned(): Promise<void>
  home(): Promise<Home>
}

export function createSignIn(
  client: string,
  base: string,
  options: Options,
  store: Store,
  changed: () => void,
): SignIn {
  const tripKey = `purser.trip.${client}`
  let known: Promise<Home> | undefined
  let waiting: Promise<Person> | undefined
  let popup: Window | null = null

  const home = (): Promise<Home> => {
    known ??= ask(`${base}/.well-known/oauth-protected-resource/v1`)
      .then((answer) => answer.json())
      .then((told) => ({ issuer: told.authorization_servers[0], api: told.resource }))
    known.catch(() => {
      known = undefined
    })
    return known
  }

  const exchange = async (fields: Record<string, string>): Promise<Tokens> => {
    const { issuer } = await home()
    const body = new URLSearchParams({ client_id: client, ...fields })
    return (await ask(`${issuer}/token`, { method: "POST", body })).json()
  }

  const keep = (tokens: Tokens, before: Kept | null): Kept => {
    const claims = tokens.id_token ? claimsOf(tokens.id_token) : null
    const person = claims ? personOf(claims) : (before?.person ?? { id: "" })
    const kept = {
      access: tokens.access_token,
      refresh: tokens.refresh_token ?? "",
      endsMs: Date.now() + tokens.expires_in * 1_000,
      scope: tokens.scope,
      idToken: tokens.id_token ?? before?.idToken ?? "",
      person,
    }
    if (before) store.renewed(before.refresh, kept)
    else store.set(kept)
    changed()
    return kept
  }

  const begin = async (prefix: string, { prompt, loginHint }: SignInOptions): Promise<[Trip, string]> => {
    const redirectUri = addressOf(options)
    const trip = { state: prefix + random(), verifier: random(), nonce: random(), redirectUri }
    const query = new URLSearchParams({
      client_id: client,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: options.scope ?? "openid profile offline_access llm",
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await hashOf(trip.verifier),
      code_challenge_method: "S256",
      ...(prompt && { prompt }),
      ...(loginHint && { login_hint: loginHint }),
    })
    return [trip, `${(await home()).issuer}/authorize?${query}`]
  }

  const finish = async (trip: Trip, query: URLSearchParams): Promise<Person> => {
    const error = query.get("error")
    if (error) {
      const words = query.get("error_description") ?? ""
      throw error === "access_denied"
        ? new PurserError(error)
        : new PurserError("sign_in_failed", words, { serverCode: error })
    }
    // Another server's answer (RFC 9207).
    if (query.get("iss") !== (await home()).issuer) throw new PurserError("sign_in_failed")
    const tokens = await exchange({
      grant_type: "authorization_code",
      code: query.get("code") ?? "",
      redirect_uri: trip.redirectUri,
      code_verifier: trip.verifier,
    })
    const claims = tokens.id_token ? claimsOf(tokens.id_token) : null
    if (claims && claims.nonce !== trip.nonce) throw new PurserError("sign_in_failed")
    return keep(tokens, null).person
  }

  const byPopup = async (asked: SignInOptions): Promise<Person> => {
    // Before anything that takes time: only a click may open windows.
    popup = openWindow(`purser-${client}`)
    if (!popup) throw new PurserError("popup_blocked")
    try {
      const [trip, address] = await begin(IN_POPUP, asked)
      const query = arrival(popup, trip.state)
      popup.location.href = address
      return await finish(trip, await query)
    } finally {
      popup.close()
    }
  }

  const renew = (refused?: string): Promise<string> =>
    alone(`purser.${client}`, async () => {
      // Another tab may have done it while this one waited.
      const kept = store.get()
      if (!kept) throw new PurserError("not_signed_in")
      if (isFresh(kept, refused)) return kept.access
      if (!kept.refresh) return ended()
      return exchange({ grant_type: "refresh_token", refresh_token: kept.refresh }).then(
        (tokens) => keep(tokens, kept).access,
        (error: PurserError) => {
          if (error.serverCode === "invalid_grant" || error.serverCode === "invalid_client") return ended()
          throw error
        },
      )
    })

  const ended = (): never => {
    store.set(null)
    changed()
    throw new PurserError("revoked")
  }

  return {
    home,
    signIn(asked = {}) {
      if (waiting) {
        popup?.focus()
        return waiting
      }
      if (!globalThis.crypto?.subtle)
        return Promise.reject(new PurserError("misconfigured", "Sign-in needs a page on https, or on localhost."))
      const run = async (): Promise<Person> => {
        if ((asked.mode ?? options.mode) !== "redirect") return byPopup(asked)
        const [trip, address] = await begin("purser.redirect.", asked)
        sessionStorage.setItem(tripKey, JSON.stringify({ ...trip, here: location.href }))
        location.assign(address)
        return new Promise(() => {})
      }
      waiting = run().finally(() => {
        waiting = undefined
      })
      return waiting
    },
    async returned() {
      const query = new URLSearchParams(location.search)
      const state = query.get("state")
      if (!state?.startsWith("purser.redirect.")) return
      const trip = JSON.parse(sessionStorage.getItem(tripKey) ?? "null") as (Trip & { here: string }) | null
      sessionStorage.removeItem(tripKey)
      // A code stays in no address.
      history.replaceState(null, "", trip?.here ?? location.pathname)
      if (trip?.state !== state) throw new PurserError("sign_in_failed")
      await finish(trip, query)
    },
    async signOut() {
      const kept = store.get()
      store.set(null)
      changed()
      if (!kept) return
      const body = new URLSearchParams({ client_id: client, token: kept.refresh || kept.access })
      await ask(`${(await home()).issuer}/revoke`, { method: "POST", body }).catch(() => {})
    },
    async token(refused) {
      const kept = store.get()
      if (!kept) throw new PurserError("not_signed_in")
      return isFresh(kept, refused) ? kept.access : renew(refused)
    },
  }
}

const isFresh = ({ access, endsMs }: Kept, refused?: string): boolean =>
  access !== refused && endsMs - EARLY_MS > Date.now()

function personOf({ sub, name, email, picture }: Record<string, string>): Person {
  return { id: sub!, ...(name && { name }), ...(email && { email }), ...(picture && { picture }) }
}

/** Where windows come back to. */
export const addressOf = ({ redirectUri }: Options): string => redirectUri ?? location.origin + location.pathname

/** What the window says when it is back. @throws PurserError popup_closed */
export function arrival(popup: Window, state: string): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    let closedMs = 0
    const stop = onBack(state, (query) => end(() => resolve(query)))
    const timer = setInterval(() => {
      if (!popup.closed) return
      closedMs ||= Date.now()
      if (Date.now() - closedMs > LAST_WORD_MS) end(() => reject(new PurserError("popup_closed")))
    }, LOOK_MS)
    const end = (settle: () => void): void => {
      clearInterval(timer)
      stop()
      settle()
    }
  })
}
