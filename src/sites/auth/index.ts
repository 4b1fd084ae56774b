// The door of the auth site: what people and programs meet when they sign in.
import { Elysia } from "elysia"
import { type BaseRequest, createSite } from "../base/index.ts"
import { authorizeRoutes } from "./authorize.ts"
import { confirmRoutes } from "./confirm.ts"
import { consentRoutes } from "./consent.ts"
import { deviceRoutes } from "./device.ts"
import { fedcmPages } from "./fedcm.ts"
import { issuerRoutes } from "./issuers.ts"
import { keepAccountRoutes } from "./keep-account.ts"
import { loginRoutes } from "./login.ts"
import { loginLinkRoutes } from "./login-link.ts"
import { logoutRoutes } from "./logout.ts"
import { AUTH_PAGES } from "./pages.ts"
import { passwordRoutes } from "./password.ts"
import { protocolRoutes } from "./protocol.ts"
import { fedcmRoutes } from "./protocol-fedcm.ts"
import { referralRoutes } from "./referral.ts"
import { setupRoutes } from "./setup.ts"
import { signupRoutes } from "./signup.ts"
import type { AuthDeps } from "./site.ts"
import { testSignInRoutes } from "./test-sign-in.ts"

export { cookiesAfterSignIn } from "./accounts.ts"
export { originOf } from "./consent.ts"
export { NEW_PASSKEY_FORM, passkeyAsk } from "./forms.ts"
export { CONNECTIONS_PATH, goOnTo } from "./issuers.ts"
export { dailyLimit, LIMITS_FORM, limitsFor } from "./limit-fields.ts"
export { AUTH_PAGES } from "./pages.ts"
export { PAYER_FIELD, payerOptions, payerSent, payerValue } from "./payer-fields.ts"
export { KIND_LABELS, SCOPE_LABELS, SCOPE_SENTENCES } from "./scope-words.ts"
export { type AuthDeps, visitorOf } from "./site.ts"
export { noTools, TOOL_FIELDS, toolAsk, toolsSent, toolTitles, toolValues } from "./tool-fields.ts"

export function authSite(deps: AuthDeps) {
  const { web } = deps
  const site = createSite({
    web,
    pages: AUTH_PAGES,
    enter: (request): BaseRequest => ({ request, render: (view, more) => web.page(request, undefined, view, more) }),
  })
  loginRoutes(site, deps)
  issuerRoutes(site, deps)
  consentRoutes(site, deps)
  deviceRoutes(site, deps)
  confirmRoutes(site, deps)
  keepAccountRoutes(site, deps)
  referralRoutes(site, deps)
  logoutRoutes(site, deps)
  signupRoutes(site, deps)
  setupRoutes(site, deps)
  loginLinkRoutes(site, deps)
  testSignInRoutes(site, deps)
  passwordRoutes(site, deps)
  fedcmPages(site, deps)
  return new Elysia().use(protocolRoutes(deps.oauth)).use(fedcmRoutes(deps)).use(site.routes).use(authorizeRoutes(deps))
}
