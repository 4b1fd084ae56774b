// Every refusal as one typed error: what programs decide by, a sentence for people, and what helps.
import type { Action, ErrorCode, PurserError as Typed } from "../sdk.d.ts"

const WORDS: Partial<Record<ErrorCode, string>> = {
  not_signed_in: "Sign in to go on.",
  popup_blocked: "Your browser blocked the window. Press the button once more, or allow windows of this page.",
  popup_closed: "The window was closed before you were signed in.",
  access_denied: "You did not allow this app to spend credits.",
  sign_in_failed: "The sign-in did not work. Try it again.",
  revoked: "You were signed out, or this app’s permission was taken back. Sign in again.",
  top_up_unfinished: "There are no more credits yet.",
  offline: "There is no connection. Check it and try again.",
  aborted: "Stopped.",
  unavailable: "This does not work at the moment. Try again in a minute.",
  misconfigured: "This app is not set up right. Tell its developer.",
}
const ACTIONS: Partial<Record<ErrorCode, Action>> = {
  not_signed_in: "sign_in",
  popup_blocked: "retry",
  popup_closed: "sign_in",
  access_denied: "sign_in",
  sign_in_failed: "sign_in",
  revoked: "sign_in",
  not_allowed: "sign_in",
  no_credits: "top_up",
  top_up_unfinished: "top_up",
  credits_on_hold: "wait",
  limit: "wait",
  rate_limited: "wait",
  offline: "retry",
  unavailable: "retry",
}
const LABELS: Partial<Record<Action, string>> = { sign_in: "Sign in", top_up: "Add credits", retry: "Try again" }

/** Codes of the server. Others: by their status. */
const SERVER: Record<string, ErrorCode> = {
  insufficient_credits: "no_credits",
  credits_on_hold: "credits_on_hold",
  app_daily_limit_exceeded: "limit",
  spend_limit_exceeded: "limit",
  free_budget_spent: "limit",
  rate_limit_exceeded: "rate_limited",
  insufficient_scope: "not_allowed",
  plan_required: "not_allowed",
  account_suspended: "suspended",
  client_suspended: "suspended",
  model_not_found: "model_not_found",
  access_denied: "access_denied",
}

export class PurserError extends Error implements Typed {
  declare readonly name: "PurserError"
  readonly code: ErrorCode
  readonly action: Action
  readonly label: string
  declare readonly serverCode?: string
  declare readonly status?: number
  declare readonly retryAfter?: number
  declare readonly requestId?: string

  constructor(code: ErrorCode, message = "", more: Partial<Typed> = {}) {
    super(message || WORDS[code] || code)
    this.name = "PurserError"
    this.code = code
    this.action = ACTIONS[code] ?? "none"
    this.label = LABELS[this.action] ?? ""
    Object.assign(this, more)
  }
}

interface Body {
  error?: { code?: string; message?: string } | string
  error_description?: string
}

/** What an answer that is none says. @param status of the answer, or what a status would be */
export function refusal(body: Body, status: number, headers?: Headers): PurserError {
  const { error } = body
  const serverCode = (typeof error === "object" ? error.code : error) ?? ""
  const words = (typeof error === "object" ? error.message : body.error_description) ?? ""
  const code =
    SERVER[serverCode] ??
    (status === 401 ? "revoked" : status === 402 ? "no_credits" : status === 429 ? "rate_limited" : null) ??
    (status === 403 ? "not_allowed" : status >= 500 || status === 408 ? "unavailable" : "bad_request")
  const retryAfter = Number(headers?.get("retry-after")) || undefined
  const requestId = headers?.get("x-request-id")
  return new PurserError(code, words, {
    serverCode,
    status,
    ...(retryAfter && { retryAfter }),
    ...(requestId && { requestId }),
  })
}

/** @throws PurserError for answers that are none, and for lines that fail */
export async function ask(url: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, { credentials: "omit", ...init }).catch((error) => {
    throw broken(error)
  })
  if (answer.ok) return answer
  throw refusal(await answer.json().catch(() => ({})), answer.status, answer.headers)
}

/** Of `fetch`, and of a body that ended too soon. */
export const broken = (error: unknown): PurserError =>
  error instanceof PurserError
    ? error
    : new PurserError((error as Error)?.name === "AbortError" ? "aborted" : "offline")
