// /login/with/:issuer and back: sign-in with others, also inside an app's authorization, which then goes on. What the issuer said opens an
// account of the same address only after a proof: /login/join.
import { GoOnPage } from "../../../views/auth/go-on.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import type { IssuerWay } from "../../../views/auth/ways.tsx"
import { AppError } from "../../app/index.ts"
import { contextOf, seeOther } from "../../http/index.ts"
import type { Arrival } from "../../identity/index.ts"
import { type BaseRequest, CONFIRM_PATH } from "../base/index.ts"
import { joinPath, joinRoutes } from "./join.ts"
import { secondPath } from "./second-step.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  finishSignIn,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

/** Where people add and remove connections. */
export const CONNECTIONS_PATH = "/settings/connections"

export const waysOf = ({ identity }: Pick<AuthDeps, "identity">, interaction: string | undefined): IssuerWay[] =>
  identity
    .issuers()
    .filter(({ active }) => active)
    .map(({ slug, name, preset }) => ({ href: withInteraction(`/login/with/${slug}`, interaction), name, preset }))

export function issuerRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get("/login/with/:issuer", (page, { issuer }) => go(deps, page, issuer))
  site.get("/login/callback/:issuer", (page, { issuer }) => comeBack(deps, page, issuer))
  joinRoutes(site, deps)
}

async function go(deps: AuthDeps, { request }: BaseRequest, slug: string): Promise<Response> {
  const { web, identity } = deps
  const sent = interactionOf(new URL(request.url).searchParams.get("interaction"))
  const { interaction, loginHint, maxAgeSeconds, chooses } = askingApp(deps, request, sent)
  try {
    const trip = { slug, interaction, loginHint, maxAgeSeconds, chooses }
    // The answer is bound to this browser; one met for the first time must learn its id.
    return seeOther(await identity.beginTrip(visitorOf(web, request), trip), web.browserCookies(request))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return web.back(request, withInteraction("/login", interaction), { kind: "error", text: error.message })
  }
}

/** The way to an issuer from a form: a page that goes on by itself, as on the way back to an app. */
export function goOnTo(
  { web }: Pick<AuthDeps, "web">,
  request: Request,
  { name, location }: { name: string; location: string },
): Response {
  const props = { title: `On to ${name}`, clientName: name, returnHost: new URL(location).host, location }
  return web.page(request, undefined, (frame) => GoOnPage({ frame, ...props }), {
    cookies: web.browserCookies(request),
  })
}

async function comeBack(deps: AuthDeps, page: BaseRequest, slug: string): Promise<Response> {
  const { request } = page
  const { web, identity } = deps
  const query = new URL(request.url).search.slice(1)
  const arrival = await identity
    .endTrip(visitorOf(web, request), web.browserIds(request), slug, query)
    .catch((error: unknown) =>
      error instanceof AppError && error.code === "invalid_request" ? error : Promise.reject(error),
    )
  if (arrival instanceof AppError) return notOurs(page, arrival)
  return await arrived(deps, request, arrival)
}

async function arrived(deps: AuthDeps, request: Request, arrival: Arrival): Promise<Response> {
  const { web } = deps
  const interaction = interactionOf(arrival.interaction ?? null)
  switch (arrival.kind) {
    case "in":
      if (arrival.isNew) await agreed(deps, request, arrival.started.session)
      return finishSignIn(deps, request, arrival.started, interaction)
    case "second":
      return seeOther(secondPath("/login/code", arrival.step, interaction))
    case "join":
      return seeOther(joinPath("/login/join", arrival.join, interaction))
    case "connected":
      return web.back(request, CONNECTIONS_PATH, { kind: "ok", text: `${arrival.name} opens your account now.` })
    case "confirmed":
      return seeOther(arrival.next)
    case "refused": {
      if (arrival.confirms !== undefined) {
        const again = `${CONFIRM_PATH}?${new URLSearchParams({ next: arrival.confirms })}`
        return web.back(request, again, { kind: "error", text: arrival.error.message })
      }
      const to = arrival.connects ? CONNECTIONS_PATH : withInteraction("/login", interaction)
      return web.back(request, to, { kind: "error", text: arrival.error.message })
    }
  }
}

/** The page with the button said so. */
async function agreed(
  deps: AuthDeps,
  request: Request,
  { userId, publicId }: Extract<Arrival, { kind: "in" }>["started"]["session"],
): Promise<void> {
  const ctx = { actor: `user:${publicId}`, requestId: contextOf(request).requestId, reason: "created an account" }
  await deps.acceptTerms(ctx, { id: userId, publicId })
}

/** An answer to no question of this browser: nothing of it is used, not even to say whose it is. */
function notOurs(page: BaseRequest, error: AppError): Response {
  const props = {
    title: "This sign-in cannot go on",
    text: error.message,
    action: { href: "/login", label: "Sign in" },
    showRequestId: true,
  }
  return page.render((frame) => MessagePage({ frame, ...props }), { status: error.status })
}
