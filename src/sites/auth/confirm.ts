// /confirm: a person who is signed in proves once more that it is them, before something dangerous. Whoever is not signed in signs in.
import { ConfirmPage, type ConfirmProps } from "../../../views/auth/confirm.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, ensure } from "../../app/index.ts"
import { contextOf, localPath, seeOther } from "../../http/index.ts"
import type { AuthSession, Issuer } from "../../identity/index.ts"
import { type BaseRequest, CONFIRM_PATH, type Status, UNFINISHED_PATH } from "../base/index.ts"
import { sessionOf } from "./accounts.ts"
import { CONFIRM_FORM, CONFIRM_MAIL_FORM, CONFIRM_PASSKEY_FORM, CONFIRM_WITH_FORM, passkeyAsk } from "./forms.ts"
import { goOnTo } from "./issuers.ts"
import { type AuthDeps, type AuthSite, askingApp, interactionOf, visitorOf } from "./site.ts"

const CONSENT_PATH = "/authorize/consent"
const PASSKEY_PATH = `${CONFIRM_PATH}/passkey`
const MAIL_PATH = `${CONFIRM_PATH}/mail`

interface Here {
  session: AuthSession
  /** As it came; empty: of whom the browser acts as. */
  as: string
  next: string
}

const hereOf = (deps: AuthDeps, page: BaseRequest, sent: (name: string) => string): Here => ({
  session: personOf(deps, page, sent("as")),
  as: sent("as"),
  next: localPath(sent("next"), deps.web.origin, "/dashboard"),
})

export function confirmRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  const load = (page: BaseRequest, _: unknown, sent: (name: string) => string): Here => hereOf(deps, page, sent)
  site.get(CONFIRM_PATH, (page) => {
    const query = new URL(page.request.url).searchParams
    const next = localPath(query.get("next"), web.origin, "/dashboard")
    const as = query.get("as") ?? ""
    const session = sessionOf(deps, page.request, as)
    // The console of another origin does not see that it hangs below a sign-in that is not theirs any more.
    const renewed = `${as === "" ? "" : web.origins.hosts.console}/console/login?${new URLSearchParams({ next })}`
    if (!session) return seeOther(renewed)
    if (identity.isFresh(session)) return seeOther(as === "" ? next : renewed)
    return confirmPage(deps, page, { session, as, next })
  })
  site.post(CONFIRM_PATH, {
    load,
    form: CONFIRM_FORM,
    adapt: (form, { session }) => asked(deps, form, session),
    // What is not asked for.
    present: () => ({ first: "", mailed: "", code: "" }),
    async act({ request }, { first, mailed, code }, { session, next }) {
      const isMailed = identity.confirmWays(session.userId).first === "mail"
      const input = { userId: session.userId, first: isMailed ? mailed : first, code }
      await identity.confirm(visitorOf(web, request), ctxOf(request, session), input).catch((error: unknown) => {
        throw isMailed ? ofMailed(error) : error
      })
      return { to: next }
    },
    show: (page, view, here, status) => confirmPage(deps, page, here, view, status),
  })
  site.post(PASSKEY_PATH, {
    load,
    form: CONFIRM_PASSKEY_FORM,
    async act({ request }, { ticket, response }, { session, next }) {
      const input = { userId: session.userId, ticket, response }
      await identity.confirmByPasskey(visitorOf(web, request), ctxOf(request, session), input)
      return { to: next }
    },
    show: (page, { errors }, here, status) => confirmPage(deps, page, here, undefined, status, errors),
  })
  withRoute(site, deps)
  site.post(MAIL_PATH, {
    load,
    form: CONFIRM_MAIL_FORM,
    async act({ request }, _, { session, as, next }) {
      await identity.sendConfirmCode(visitorOf(web, request), ctxOf(request, session), session.userId)
      return {
        to: `${CONFIRM_PATH}?${new URLSearchParams({ ...(as ? { as } : {}), next })}`,
        say: "A code is on its way to your mail.",
      }
    },
    show: (page, { errors }, here, status) => confirmPage(deps, page, here, undefined, status, errors),
  })
}

/** By an account elsewhere that is connected. */
function withRoute(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.post("/confirm/with/:issuer", {
    load: (page: BaseRequest, { issuer }: { issuer: string }, sent): Here & { issuer: Issuer } => {
      const here = hereOf(deps, page, sent)
      const found = identity.confirmIssuers(here.session.userId).find(({ slug }) => slug === issuer)
      ensure(found, "not_found", "You cannot confirm with that account. Choose another way.")
      return { ...here, issuer: found }
    },
    form: CONFIRM_WITH_FORM,
    async act({ request }, _, { session, next, issuer }) {
      const confirms = { userId: session.userId, sessionPublicId: session.sessionPublicId, next }
      const trip = { slug: issuer.slug, confirms, loginHint: session.email }
      const location = await identity.beginTrip(visitorOf(web, request), trip)
      return goOnTo({ web }, request, { name: issuer.name, location })
    },
    show: (page, { errors }, here, status) => confirmPage(deps, page, here, undefined, status, errors),
  })
}

/** @throws AppError unauthenticated */
function personOf(deps: AuthDeps, page: BaseRequest, as: string): AuthSession {
  const session = sessionOf(deps, page.request, as)
  if (session) return session
  throw new AppError("unauthenticated", "You were signed out in the meantime. Sign in again.")
}

const ctxOf = (request: Request, { publicId }: AuthSession) => ({
  actor: `user:${publicId}`,
  requestId: contextOf(request).requestId,
  reason: "confirm who is there",
})

/** The fields that this person is asked for. */
function asked({ identity }: AuthDeps, form: typeof CONFIRM_FORM, { userId }: AuthSession): typeof CONFIRM_FORM {
  const ways = identity.confirmWays(userId)
  const isMailed = ways.first === "mail"
  return form.with({
    ...(isMailed ? { first: null, mailed: { label: "Code from the mail" } } : { mailed: null }),
    ...(ways.code === null ? { code: null } : {}),
    ...(ways.code === "recovery"
      ? { code: { label: "Recovery code", help: "One of the ten that you kept.", autocomplete: "off" } }
      : {}),
  })
}

function ofMailed(error: unknown): unknown {
  if (!(error instanceof AppError) || !error.extra.formErrors?.first) return error
  const { first: mailed, ...rest } = error.extra.formErrors
  return new AppError(error.code, error.message, { ...error.extra, formErrors: { ...rest, mailed } })
}

/** Of an address to go on to: what was typed waits for forms and for the consent page; an app's sign-in has typed nothing. */
function reasonOf(deps: AuthDeps, page: BaseRequest, next: string): ConfirmProps["reason"] {
  const { pathname, searchParams } = new URL(next, deps.web.origin)
  if (pathname === UNFINISHED_PATH || pathname === CONSENT_PATH) return { is: "form" }
  const interaction = interactionOf(searchParams.get("interaction"))
  if (pathname !== "/login" || !interaction) return { is: "page" }
  return { is: "app", name: askingApp(deps, page.request, interaction).clientName }
}

function confirmPage(
  deps: AuthDeps,
  page: BaseRequest,
  { session, as, next }: Here,
  refused?: FormView,
  status?: Status,
  errors?: Record<string, string>,
): Response {
  const { identity, web } = deps
  const ways = identity.confirmWays(session.userId)
  const isMailed = ways.first === "mail"
  const form = asked(deps, CONFIRM_FORM, session).show({ action: CONFIRM_PATH, present: { next, as }, errors })
  const passkey = identity.askConfirm(visitorOf(web, page.request), session.userId)
  const props = {
    passkey: passkey && passkeyAsk(CONFIRM_PASSKEY_FORM, PASSKEY_PATH, passkey, { next, as }),
    email: session.email,
    reason: reasonOf(deps, page, next),
    issuers: identity.confirmIssuers(session.userId).map(({ slug, name }) => ({
      ...CONFIRM_WITH_FORM.show({ action: `${CONFIRM_PATH}/with/${slug}`, present: { next, as }, ids: `with-${slug}` }),
      submit: `Confirm with ${name}`,
    })),
    form: refused ?? form,
    mail: isMailed
      ? {
          isSent: identity.pendingConfirmCode(web.browserId(page.request), session.userId) !== null,
          form: CONFIRM_MAIL_FORM.show({ action: MAIL_PATH, present: { next, as }, errors }),
        }
      : null,
  }
  return page.render((frame) => ConfirmPage({ frame, ...props }), status)
}
