// The door of the console: what a signed-in person sees of their credits, their apps and the apps they build.
import { Elysia } from "elysia"
import { appsRoutes } from "./apps.ts"
import { dashboardRoutes } from "./dashboard.ts"
import { developerRoutes } from "./developer.ts"
import { consoleLoginRoutes } from "./login.ts"
import { settingsRoutes } from "./settings.ts"
import type { ConsoleDeps } from "./site.ts"

export { type ConsoleDeps, type SignedInDeps, signedIn, type Visit } from "./site.ts"

export const consoleSite = (deps: ConsoleDeps) =>
  new Elysia()
    .use(consoleLoginRoutes(deps))
    .use(dashboardRoutes(deps))
    .use(appsRoutes(deps))
    .use(settingsRoutes(deps))
    .use(developerRoutes(deps))
