// The app: who is signed in, calls with their token, their balance, and what everybody is told of it.
import type { Balance, ChatOptions, Options, Purser, State } from "../sdk.d.ts"
import { IN_POPUP, openWindow } from "./back.ts"
import { createChat } from "./chat.ts"
import { ask, broken, PurserError } from "./errors.ts"
import { random } from "./pkce.ts"
import { addressOf, arrival, createSignIn } from "./sign-in.ts"
import { openStore } from "./store.ts"

/** How often the balance is asked for while credits are being added. */
const TOP_UP_MS = 3_000

/** @param base origin of the server */
export function createPurser(client: string, base: string, options: Options): Purser {
  const listeners = new Set<(state: State) => void>()
  const state: State = { person: null, balance: null, error: null }
  let told = ""
  const tell = (): void => {
    const text = JSON.stringify([state, state.error?.message])
    if (text === told) return
    told = text
    for (const listener of [...listeners]) listener({ ...state })
  }
  const changed = (): void => {
    const person = store.get()?.person ?? null
    if (person?.id !== state.person?.id) Object.assign(state, { balance: null, error: null })
    state.person = person
    tell()
  }
  const store = openStore(`purser.${base}.${client}`, options.store ?? "local", changed)
  const signing = createSignIn(client, base, options, store, changed)
  const failed = (error: unknown): PurserError => {
    const known = broken(error)
    // What its person stopped is no error to show.
    if (known.code !== "aborted") state.error = known
    // Ended by the server, whatever the clock says.
    if (known.code === "revoked" && known.status) store.set(null)
    changed()
    return known
  }
  /** An act whose error everybody hears of, and whose success ends the last one. */
  const act = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      const result = await run()
      state.error = null
      changed()
      return result
    } catch (error) {
      throw failed(error)
    }
  }

  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const send = async (token: string): Promise<Response> => {
      const headers = new Headers(init.headers)
      headers.set("authorization", `Bearer ${token}`)
      return ask(`${(await signing.home()).api}${path}`, { ...init, headers })
    }
    const token = await signing.token()
    return send(token).catch(async (error: PurserError) => {
      // It ended sooner than it said, or the clocks differ. The same body goes twice only where it can.
      if (error.status !== 401 || init.body instanceof ReadableStream) throw error
      return send(await signing.token(token))
    })
  }

  const balance = async (): Promise<Balance> => {
    const me = await (await call("/me")).json()
    const limits = Object.entries(me.limits as Record<string, Record<string, { credits: string }>>)
    state.balance = {
      credits: Number(me.balance.credits),
      exact: me.balance.credits,
      held: Number(me.held.credits),
      limits: Object.fromEntries(
        limits.map(([scope, { daily, used, remaining, resets_at }]) => [
          scope,
          {
            daily: Number(daily!.credits),
            used: Number(used!.credits),
            remaining: Number(remaining!.credits),
            resetsAt: String(resets_at),
          },
        ]),
      ),
    }
    tell()
    return state.balance
  }

  const topUp = async (): Promise<Balance> => {
    const popup = openWindow(`purser-credits-${client}`)
    if (!popup) throw new PurserError("popup_blocked")
    const before = state.balance ?? (await balance())
    const mark = IN_POPUP + random()
    const back = arrival(popup, mark).catch(() => null)
    const { issuer } = await signing.home()
    popup.location.href = `${issuer}/credits/for-app?${new URLSearchParams({ client_id: client, redirect_uri: addressOf(options), state: mark })}`
    // Whatever becomes of the window: more credits are what counts.
    let isOver = false
    void back.then(() => {
      isOver = true
    })
    for (;;) {
      await Promise.race([back, new Promise((resolve) => setTimeout(resolve, TOP_UP_MS))])
      // Another page’s policy may cut the window off, which then looks closed: then this page has not the focus.
      const isLast = isOver && document.hasFocus()
      const now = await balance().catch(() => before)
      if (now.credits > before.credits) {
        if (!popup.closed) popup.close()
        return now
      }
      if (isLast) throw new PurserError("top_up_unfinished")
      if (isOver) await new Promise((resolve) => setTimeout(resolve, TOP_UP_MS))
    }
  }

  const ready = act(() => signing.returned()).then(
    () => state.person,
    () => state.person,
  )

  const self: Purser = {
    client,
    ready,
    get person() {
      return store.get()?.person ?? null
    },
    get state() {
      return { ...state }
    },
    signIn: (asked) => act(() => signing.signIn(asked)),
    signOut: () => act(() => signing.signOut()),
    token: () => act(() => signing.token()),
    balance: () => act(balance),
    topUp: () => act(topUp),
    fetch: (path, init) => act(() => call(path, init)),
    chat(input, { signal, ...fields }: ChatOptions = {}) {
      const messages = typeof input === "string" ? [{ role: "user", content: input }] : input
      const send = async (stream: boolean): Promise<Response> => {
        if (!store.get()) await signing.signIn()
        const streamed = stream ? { stream, stream_options: { include_usage: true } } : {}
        const body = JSON.stringify({ model: options.model ?? "capability:fast", messages, ...fields, ...streamed })
        const headers = { "content-type": "application/json" }
        return call("/chat/completions", { method: "POST", headers, body, ...(signal && { signal }) })
      }
      const costOf = async (id: string): Promise<string> => (await (await call(`/requests/${id}`)).json()).total.credits
      return createChat(send, costOf, (error) => {
        if (error) return void failed(error)
        state.error = null
        changed()
        // Whoever shows the balance shows the new one.
        if (listeners.size > 0) balance().catch(() => {})
      })
    },
    async resolve(error) {
      const { action } = broken(error)
      if (action === "sign_in") await self.signIn()
      else if (action === "top_up") await self.topUp()
      return action !== "none"
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  changed()
  return self
}
