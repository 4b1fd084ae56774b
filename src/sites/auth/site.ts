// What the auth site's routes share: the visitor behind a request, and how an authorization outcome becomes a response.
import { AppError, type Nano, type UserId } from "../../app/index.ts"
import { contextOf, seeOther, type Web } from "../../http/index.ts"
import type { AuthSession, Identity, StartedSession, Visitor } from "../../identity/index.ts"
import type { AuthorizeOutcome, Oauth } from "../../oauth/index.ts"

export interface AuthDeps {
  web: Web
  identity: Identity
  oauth: Oauth
  /** Name shown for the owner of a client: company, else the person's name. */
  developerName: (ownerId: UserId) => string
  /** What one typical chat costs, for "about N chats" beside a limit. */
  typicalChatNano: () => Nano
}

export function visitorOf(web: Web, request: Request): Visitor {
  const context = contextOf(request)
  return {
    requestId: context.requestId,
    browserId: web.browserId(request),
    ip: context.ip,
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    previousToken: web.cookies.read(request, "auth"),
  }
}

/** The auth session of this browser, if somebody is signed in. */
export const authSession = (deps: Pick<AuthDeps, "web" | "identity">, request: Request): AuthSession | null =>
  deps.identity.sessionByToken(deps.web.cookies.read(request, "auth"), "auth")

/** Opaque ids only; anything else is dropped instead of travelling on. */
export function txnOf(value: string | null): string | undefined {
  return value && /^[\w.-]{1,200}$/.test(value) ? value : undefined
}

/** Keeps the transaction on the way between the pages. */
export const withTxn = (path: string, txn: string | undefined): string =>
  txn ? `${path}?txn=${encodeURIComponent(txn)}` : path

/**
 * The app behind a transaction of this browser, for pages on the way to its consent.
 * `formTargets`: Chromium checks the redirects after a form too, and signing in may lead straight back to the app.
 */
export function askingApp(deps: AuthDeps, request: Request, txn: string | undefined) {
  const asking = txn ? deps.oauth.peekAuthorization({ txn, browser: deps.web.browserId(request) }) : null
  return {
    txn: asking ? txn : undefined,
    clientName: asking && !asking.app.firstParty ? asking.app.name : undefined,
    loginHint: asking?.loginHint ?? undefined,
    formTargets: asking ? [asking.app.formTarget] : [],
  }
}

/** The outcome of an authorization step as a redirect; consent and login have pages of their own, so that reload works. */
export function follow(outcome: AuthorizeOutcome, cookies: (string | null)[] = []): Response {
  switch (outcome.kind) {
    case "error-page":
      throw outcome.error
    case "redirect":
      return seeOther(outcome.location, cookies)
    case "login":
      return seeOther(withTxn("/login", outcome.txn), cookies)
    case "consent":
      return seeOther(withTxn("/authorize/consent", outcome.txn), cookies)
  }
}

/** Signs the browser in and goes on: with the app's authorization when one waits, else to the dashboard. */
export async function signedIn(
  deps: AuthDeps,
  request: Request,
  started: StartedSession,
  txn: string | undefined,
): Promise<Response> {
  const cookies = [deps.web.cookies.set("auth", started.token, started.maxAgeSeconds)]
  if (!txn) return seeOther("/dashboard", cookies)
  const outcome = await deps.oauth
    .resumeAuthorization({
      txn,
      session: started.session,
      browser: deps.web.browserId(request),
      requestId: contextOf(request).requestId,
    })
    .catch((error: unknown): AuthorizeOutcome => {
      if (error instanceof AppError) return { kind: "error-page", error }
      throw error
    })
  // The person did sign in, whatever became of the app's request: keep the session, then say what is wrong.
  if (outcome.kind === "error-page") {
    return deps.web.back("/dashboard", { kind: "error", text: outcome.error.message }, cookies)
  }
  return follow(outcome, cookies)
}
