// The door of the console: what a signed-in person sees of their credits and their apps.
import { Elysia } from "elysia"
import { appsRoutes } from "./apps.ts"
import { creditsRoutes } from "./credits.ts"
import { dashboardRoutes } from "./dashboard.ts"
import { emailRoutes } from "./email.ts"
import { consoleLoginRoutes } from "./login.ts"
import { planRoutes } from "./plan.ts"
import { settingsRoutes } from "./settings.ts"
import type { ConsoleDeps } from "./site.ts"

export { creditsCsv } from "./credits-csv.ts"
export { readFilter } from "./credits-filter.ts"
export { consolePart } from "./part.ts"
export { type ConsoleDeps, type SignedInDeps, signedIn, type Visit } from "./site.ts"

export const consoleSite = (deps: ConsoleDeps) =>
  new Elysia()
    .use(consoleLoginRoutes(deps))
    .use(dashboardRoutes(deps))
    .use(creditsRoutes(deps))
    .use(appsRoutes(deps))
    .use(settingsRoutes(deps))
    .use(emailRoutes(deps))
    .use(planRoutes(deps))
