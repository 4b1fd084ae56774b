// /developer/apps/:app/cache: whether the same question of the same person may be answered from the cache without asking each time.
import { AppCachePage } from "../../../views/portal/app-cache.tsx"
import { CACHE_FORM, cachePresent, cacheSeconds, newValues, undoTo } from "../base/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function appCacheRoutes(site: PortalSite, deps: PortalDeps): void {
  const { gateway, store } = deps
  site.form("/developer/apps/:app/cache", {
    load(page, { app }) {
      const client = mine(deps, page, app)
      return { client, was: cachePresent(gateway.cacheSeconds({ clientId: client.id })) }
    },
    form: CACHE_FORM,
    present: ({ was }) => was,
    async act(page, now, { client, was }) {
      const what = { clientId: client.id, subject: client.publicId, userId: page.holder.id }
      await store.write(page.ctx("set the cache of an app"), (tx) =>
        gateway.setCacheIn(tx, what, cacheSeconds(now.kept)),
      )
      const path = `${pathOf(client)}/cache`
      const words = newValues(CACHE_FORM, was, now)
      if (words === "") return { to: path, say: "Nothing was changed." }
      return { to: path, say: `${client.name}, from the next call on: ${words}.`, undo: undoTo(path, CACHE_FORM, was) }
    },
    show: (page, form, { client }, status) =>
      page.render((frame) => AppCachePage({ frame, app: { id: client.publicId, name: client.name }, form }), status),
  })
}
