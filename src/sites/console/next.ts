// What the dashboard suggests while no app is linked.
import type { Next } from "../../../views/console/dashboard.tsx"
import type { UserId } from "../../app/index.ts"
import type { AppToOpen, Oauth } from "../../oauth/index.ts"
import type { ConsoleDeps } from "./site.ts"

/** Apps that a newcomer is shown, and that are looked at for it. */
const APPS_SHOWN = 6
const APPS_READ = 100

export interface NextDeps {
  oauth: Pick<Oauth, "consentsOf" | "appsToOpen">
  identity: Pick<ConsoleDeps["identity"], "userById">
  developers: Pick<ConsoleDeps["developers"], "developerOf">
  web: Pick<ConsoleDeps["web"], "demo">
}

/**
 * Undefined once an app is linked. Apps are those that an admin of this server owns: anybody may register one, and none of the others is
 * recommended to strangers. A demo has no strangers.
 */
export function nextOf({ oauth, identity, developers, web }: NextDeps, userId: UserId): Next | undefined {
  if (oauth.consentsOf(userId).length > 0) return undefined
  const isVouchedFor = ({ ownerId }: AppToOpen): boolean => {
    const owner = identity.userById(ownerId)
    return web.demo || (owner?.isAdmin === true && owner.status === "active")
  }
  const apps = oauth.appsToOpen(APPS_READ).filter(isVouchedFor).slice(0, APPS_SHOWN)
  return {
    apps: apps.map(({ name, homepageUrl }) => ({ name, href: homepageUrl })),
    isDeveloper: developers.developerOf(userId) !== null,
  }
}
