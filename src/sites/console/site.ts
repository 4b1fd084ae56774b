// What the console's routes share: the session, the frame's user, and the way to sign in when there is none.
import type { FrameUser } from "../../../views/layout/index.ts"
import type { Clock, Nano, UserId } from "../../app/index.ts"
import type { Developers } from "../../developers/index.ts"
import type { Gateway } from "../../gateway/index.ts"
import { contextOf, type Live, type PageOptions, seeOther, type Web } from "../../http/index.ts"
import type { AuthSession, Identity } from "../../identity/index.ts"
import type { Ledger, Owner } from "../../ledger/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Plans } from "../../plans/index.ts"
import type { ReadWorker, Store, WriteContext } from "../../store/index.ts"
import type { Usage } from "../../usage/index.ts"

export interface ConsoleDeps {
  web: Web
  clock: Clock
  store: Store
  identity: Identity
  oauth: Oauth
  ledger: Ledger
  plans: Plans
  usage: Usage
  developers: Developers
  gateway: Gateway
  live: Live
  /** The console's own first-party client. */
  console: Client
  /** HMAC key of the login round trip. */
  stateSecret: string
  developerName: (ownerId: UserId) => string
  /** Developer's share of the model price in percent, for the first page of developers. */
  developerSharePercent: number
  typicalChatNano: () => Nano
  /** A read Worker for downloads only, so that a long one and the hourly proof of the books do not wait for each other. */
  exports: ReadWorker
}

/** A signed-in request to the console. */
export interface Visit {
  request: Request
  session: AuthSession
  user: FrameUser
  owner: Owner
  page(view: Parameters<Web["page"]>[2], options?: PageOptions): Response
  ctx(reason: string): WriteContext
}

export type SignedInDeps = Pick<ConsoleDeps, "web" | "identity" | "developers">

/**
 * Runs a handler for the person who is signed in to the console; everybody else is sent to sign in and back here.
 */
export function signedIn(
  deps: SignedInDeps,
  handler: (visit: Visit, params: Record<string, string>) => Response | Promise<Response>,
): (context: { request: Request; params: unknown }) => Response | Promise<Response> {
  return ({ request, params }) => {
    const session = deps.identity.sessionByToken(deps.web.cookies.read(request, "console"), "console")
    if (!session) {
      const url = new URL(request.url)
      const next = request.method === "GET" ? `${url.pathname}${url.search}` : "/dashboard"
      return seeOther(`/console/login?next=${encodeURIComponent(next)}`)
    }
    return handler(visitOf(deps, request, session), params as Record<string, string>)
  }
}

function visitOf(deps: SignedInDeps, request: Request, session: AuthSession): Visit {
  const user: FrameUser = {
    name: session.name,
    email: session.email,
    isDeveloper: deps.developers.developerOf(session.userId) !== null,
    isAdmin: session.isAdmin,
  }
  return {
    request,
    session,
    user,
    owner: { kind: "principal", id: session.userId },
    page: (view, options) => deps.web.page(request, user, view, options),
    ctx: (reason) => ({ actor: `user:${session.publicId}`, requestId: contextOf(request).requestId, reason }),
  }
}
