// /signup and /verify-email.
import { SignupPage } from "../../../views/auth/signup.tsx"
import { VerifyEmailPage } from "../../../views/auth/verify-email.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { contextOf } from "../../http/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { asking, CODE_FORM, carrying, goingOn, SIGNUP_FORM } from "./forms.ts"
import { waysOf } from "./issuers.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  finishSignIn,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

const RUN_OUT = "That code has run out. Sign up again to get a new one."

export function signupRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  const load = (_page: BaseRequest, _params: unknown, sent: (name: string) => string) =>
    interactionOf(sent("interaction"))

  site.form("/signup", {
    load,
    form: SIGNUP_FORM,
    present: () => ({}),
    async act({ request }, { email, password, name, workTicket, workAnswer }, interaction) {
      const proof = { ticket: workTicket, answer: workAnswer }
      await identity.signUp(visitorOf(web, request), { email, password, name: name || null, proof })
      return { to: withInteraction("/verify-email", interaction) }
    },
    show(page, form, sent, status) {
      const { interaction, clientName, loginHint } = askingApp(deps, page.request, sent)
      const hinted = SIGNUP_FORM.show({ action: form.action, present: { email: loginHint ?? "" } })
      const work = identity.signUpWork(visitorOf(web, page.request))
      const shown = asking(carrying(status.status === 200 ? hinted : form, interaction), work)
      const props = { interaction, clientName, ways: waysOf(deps, interaction), form: shown, work: work ?? undefined }
      return page.render((frame) => SignupPage({ frame, ...props }), status)
    },
  })
  site.form("/verify-email", {
    load,
    form: CODE_FORM,
    async act({ request }, { code }, interaction) {
      const started = await identity.verifySignUp(visitorOf(web, request), code)
      const { userId, publicId } = started.session
      const ctx = { actor: `user:${publicId}`, requestId: contextOf(request).requestId, reason: "created an account" }
      await deps.acceptTerms(ctx, { id: userId, publicId })
      return finishSignIn(deps, request, started, interaction)
    },
    show: (page, form, interaction, status) => verifyPage(deps, page, interaction, form, status),
  })
  site.post("/verify-email/resend", {
    load,
    form: goingOn("Send a new code"),
    async act({ request }, _, interaction) {
      if (!identity.pendingSignUp(web.browserId(request)))
        return { to: withInteraction("/signup", interaction), say: RUN_OUT, tone: "error" }
      await identity.resendCode(visitorOf(web, request))
      const say = "A new code is on its way. The old one no longer works."
      return { to: withInteraction("/verify-email", interaction), say }
    },
    show(page, { errors }, interaction, status) {
      const form = CODE_FORM.show({ action: "/verify-email", errors })
      return verifyPage(deps, page, interaction, form, status)
    },
  })
}

function verifyPage(
  deps: AuthDeps,
  page: BaseRequest,
  sent: string | undefined,
  form: FormView,
  status: Status,
): Response {
  const { web, identity } = deps
  // The address got an account in the meantime: the way in is the sign-in.
  if (status.code === "conflict")
    return web.back(page.request, withInteraction("/login", sent), {
      kind: "info",
      text: Object.values(form.errors ?? {})[0] ?? "",
    })
  const pending = identity.pendingSignUp(web.browserId(page.request))
  if (!pending) return web.back(page.request, withInteraction("/signup", sent), { kind: "error", text: RUN_OUT })
  const { interaction, clientName } = askingApp(deps, page.request, sent)
  const props = { interaction, clientName, email: pending.email, form: carrying(form, interaction) }
  return page.render((frame) => VerifyEmailPage({ frame, ...props }), status)
}
