// The door of the portal: what a developer sees of the apps they build.
import type { ConsoleDeps } from "../console/index.ts"
import { developerRoutes } from "./apps.ts"

export { PORTAL_PAGES } from "./pages.ts"

export const portalSite = (deps: ConsoleDeps) => developerRoutes(deps)
