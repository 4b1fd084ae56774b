// What the server knows about a request before any route runs. Kept beside the request, never inside headers.
import type { Server } from "bun"
import type { BodyBudget, Seat } from "./body-budget.ts"

export interface RequestContext {
  requestId: string
  /** It came to the host of published APIs, where all speak one dialect. */
  isPublished: boolean
  /** As it was sent: the router is asked GET in place of HEAD. Null for a request made by hand. */
  method: string | null
  /** performance.now() at arrival. */
  startMs: number
  /** Address of the client; forwarded headers count from trusted proxies only. Costs a system call each time. */
  readonly ip: string
  /** Who asks, as a kind, once somebody knows: `app`, `key` (of a person), `session` or `admin`. For the log. */
  caller: "app" | "key" | "session" | "admin" | null
  /** Pattern of the route that answers, such as `/apps/:id`; null before one is found. */
  route: string | null
  server: Server<unknown> | null
  /** What bodies count against; null for a request made by hand. */
  bodies: BodyBudget | null
  /** This request's part of it, until the answer is made. */
  seat: Seat | null
  /** Headers of the answer that are known before there is one; null = none. */
  answerHeaders: Record<string, string> | null
}

const contexts = new WeakMap<Request, RequestContext>()

export const setContext = (request: Request, context: RequestContext): void => void contexts.set(request, context)

/** The context of a request the server accepted; a request made by hand (tests) gets a bare one. */
export function contextOf(request: Request): RequestContext {
  const known = contexts.get(request)
  if (known) return known
  const bare: RequestContext = {
    requestId: "req_none",
    isPublished: false,
    method: null,
    startMs: performance.now(),
    ip: "127.0.0.1",
    caller: null,
    route: null,
    server: null,
    bodies: null,
    seat: null,
    answerHeaders: null,
  }
  contexts.set(request, bare)
  return bare
}
