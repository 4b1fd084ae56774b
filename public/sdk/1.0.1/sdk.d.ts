// The public types of sdk.js; its source is held to them.

/** Who is signed in. `name`, `email` and `picture` where they were allowed. */
export interface Person {
  id: string
  name?: string
  email?: string
  picture?: string
}

export interface Balance {
  /** What can be spent now, in credits. Rounded for showing; `exact` is not. */
  credits: number
  /** The same as decimal text. */
  exact: string
  /** What calls under way hold. */
  held: number
  /** What this app may still spend today, by scope. */
  limits: Record<string, { daily: number; used: number; remaining: number; resetsAt: string }>
}

export type ErrorCode =
  | "not_signed_in"
  | "popup_blocked"
  | "popup_closed"
  | "access_denied"
  | "sign_in_failed"
  | "revoked"
  | "suspended"
  | "not_allowed"
  | "no_credits"
  | "credits_on_hold"
  | "limit"
  | "rate_limited"
  | "top_up_unfinished"
  | "offline"
  | "aborted"
  | "model_not_found"
  | "bad_request"
  | "unavailable"
  | "misconfigured"

/** What helps: `ai.resolve(error)` does the first two. */
export type Action = "sign_in" | "top_up" | "wait" | "retry" | "none"

export declare class PurserError extends Error {
  readonly name: "PurserError"
  readonly code: ErrorCode
  /** A sentence for the person, to be shown as it is. */
  readonly message: string
  readonly action: Action
  /** Words for a button that does `action`; empty where there is nothing to press. */
  readonly label: string
  /** The code of the server, where it answered. */
  readonly serverCode?: string
  readonly status?: number
  /** Seconds after which the same call may succeed. */
  readonly retryAfter?: number
  readonly requestId?: string
}

export interface Options {
  /** Address of the server. Default: where sdk.js came from. */
  issuer?: string
  /** Default: `openid profile offline_access llm`. */
  scope?: string
  /** A registered address that loads sdk.js, too. Default: this page without its query. */
  redirectUri?: string
  /** Default: `popup`. */
  mode?: "popup" | "redirect"
  /** Where tokens are kept: `local` for all tabs and later, `session` for this tab, `memory` for this page. Default: `local`. */
  store?: "local" | "session" | "memory"
  /** Default: `capability:fast`. */
  model?: string
}

export interface SignInOptions {
  mode?: "popup" | "redirect"
  prompt?: "login" | "consent" | "select_account" | "create"
  /** An address that stands in the form of sign-in. */
  loginHint?: string
}

export interface Message {
  role: "system" | "user" | "assistant" | "tool" | "developer"
  content: unknown
  [field: string]: unknown
}

export interface ChatOptions {
  model?: string
  signal?: AbortSignal
  /** Fields of the request, as the reference has them: `max_tokens`, `temperature`, `tools`, … */
  [field: string]: unknown
}

export interface Answer {
  text: string
  model: string
  finishReason: string | null
  usage: { input: number; output: number } | null
  /** What it cost, in credits. */
  charged: string | null
  requestId: string
}

/** A call: read its words as they come with `for await`, or `await` the whole answer; after the words, `await` says what it cost. */
export interface Chat extends AsyncIterable<string>, PromiseLike<Answer> {
  /** Every event of the stream, as the reference has them. */
  events(): AsyncIterable<Record<string, unknown>>
}

export interface State {
  person: Person | null
  /** The last balance that was asked for. */
  balance: Balance | null
  /** Of the last act, until one succeeds. */
  error: PurserError | null
}

export interface Purser {
  readonly client: string
  readonly person: Person | null
  readonly state: State
  /** Settles once it is known who is signed in: after a redirect it brings the person back. */
  readonly ready: Promise<Person | null>
  /** Call it in a click. By redirect the page is left, and the promise stays open. */
  signIn(options?: SignInOptions): Promise<Person>
  /** Here, in all tabs, and on the server: its tokens end. */
  signOut(): Promise<void>
  /** A call that the person pays. Nobody signed in: the sign-in opens first. */
  chat(input: string | readonly Message[], options?: ChatOptions): Chat
  /** Asks what can be spent. */
  balance(): Promise<Balance>
  /** Opens the page where credits are added, and waits until there are more. Call it in a click. */
  topUp(): Promise<Balance>
  /** Does what an error asks for. @returns whether the call is worth repeating */
  resolve(error: unknown): Promise<boolean>
  /** `fetch` with the person's token; paths are below `/v1`. Refusals are PurserErrors. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** An access token that counts for another minute at least. */
  token(): Promise<string>
  /** Called with each change: sign-in and sign-out in any tab, balance, errors. @returns ends it */
  onChange(listener: (state: State) => void): () => void
}

/** The app of this client id; the same one each time. */
export declare function purser(client: string, options?: Options): Purser

export declare const version: string

declare global {
  interface HTMLElementTagNameMap {
    /** Signs in and out, and adds credits after a call that lacked them. Attributes: `client` (default: the app that the page makes), `issuer`, `mode`, `scope`, `store`, `label`. */
    "purser-button": HTMLElement
    /** The balance; pressed, it opens the page where credits are added. Attributes as above. */
    "purser-balance": HTMLElement
  }
}
