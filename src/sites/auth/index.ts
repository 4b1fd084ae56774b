// The door of the auth site: what people and programs meet when they sign in.
import { Elysia } from "elysia"
import { authorizeRoutes } from "./authorize.ts"
import { loginRoutes } from "./login.ts"
import { logoutRoutes } from "./logout.ts"
import { passwordRoutes } from "./password.ts"
import { protocolRoutes } from "./protocol.ts"
import { setupRoutes } from "./setup.ts"
import { signupRoutes } from "./signup.ts"
import type { AuthDeps } from "./site.ts"

export { dailyLimit, LIMITS_FORM, limitsFor, readLimits } from "./limit-fields.ts"
export { AUTH_PAGES } from "./pages.ts"
export { SCOPE_LABELS, SCOPE_SENTENCES } from "./scope-words.ts"
export { type AuthDeps, visitorOf } from "./site.ts"

export const authSite = (deps: AuthDeps) =>
  new Elysia()
    .use(protocolRoutes(deps.oauth))
    .use(loginRoutes(deps))
    .use(logoutRoutes(deps))
    .use(signupRoutes(deps))
    .use(setupRoutes(deps))
    .use(passwordRoutes(deps))
    .use(authorizeRoutes(deps))
