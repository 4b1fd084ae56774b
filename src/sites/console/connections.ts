// /settings/connections: accounts elsewhere that open this one. Adding and removing one asks first who is there.
import { ConnectionRemovalPage, ConnectionsPage } from "../../../views/console/connections.tsx"
import { AppError, ensure, type UserId } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import type { Connection } from "../../identity/index.ts"
import { CONNECTIONS_PATH, goOnTo, visitorOf } from "../auth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity" | "clock" | "store">

export function connectionRoutes(site: ConsoleSite, deps: Deps): void {
  const { web, identity, store } = deps
  site.get(CONNECTIONS_PATH, (page) => connectionsPage(deps, page))
  site.post(`${CONNECTIONS_PATH}/with/:issuer`, {
    load: (_, { issuer }: { issuer: string }) => {
      const found = identity.issuerBySlug(issuer)
      ensure(found?.active, "not_found", "This way to sign in is not offered here.")
      return found
    },
    form: button("Connect"),
    fresh: true,
    async act({ request, session }, _, { slug, name }) {
      // The sign-in that the console hangs below is the one that must last until they come back.
      const here = identity.sessionByToken(web.cookies.read(request, "auth"), "auth")
      if (here?.userId !== session.userId)
        throw new AppError("unauthenticated", "You were signed out in the meantime. Sign in, then try once more.")
      const connects = { userId: here.userId, sessionPublicId: here.sessionPublicId }
      // Asked for a sign-in there and now: so another account of theirs can be chosen, and nobody else’s open one is taken.
      const trip = { slug, connects, maxAgeSeconds: 0 }
      return goOnTo({ web }, request, { name, location: await identity.beginTrip(visitorOf(web, request), trip) })
    },
    back: () => CONNECTIONS_PATH,
  })
  site.form(`${CONNECTIONS_PATH}/:connection/removal`, {
    load: ({ session }, { connection }) => connectionOf(deps, session.userId, connection),
    form: button("Disconnect", true),
    fresh: true,
    async act(page, _, { publicId }) {
      const { userId } = page.session
      const ctx = page.ctx("disconnected an account elsewhere")
      const { name } = await store.write(ctx, (tx) => identity.disconnectIn(tx, { userId, publicId }))
      return { to: CONNECTIONS_PATH, say: `${name} no longer opens your account.` }
    },
    show: (page, view, { name, email }, status) =>
      page.render((frame) => ConnectionRemovalPage({ frame, name, email, form: view }), status),
  })
}

function connectionOf({ identity }: Deps, userId: UserId, publicId: string): Connection {
  const found = identity.connectionsOf(userId).find((one) => one.publicId === publicId)
  ensure(found, "not_found", "You have no such connection. Look at the list again.")
  return found
}

function connectionsPage({ identity, clock }: Deps, page: PageRequest): Response {
  const { userId } = page.session
  const connections = identity.connectionsOf(userId)
  const props = {
    now: clock.now(),
    hasPassword: identity.hasPassword(userId),
    connections,
    offered: identity
      .issuers()
      .filter(({ active }) => active)
      .map(({ slug, name, preset }) => ({ slug, name, preset })),
  }
  return page.render((frame) => ConnectionsPage({ frame, ...props }))
}
