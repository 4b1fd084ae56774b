// /keys/:key/cache: whether the same question by this key may be answered from the cache without asking each time.
import { KeyCachePage } from "../../../views/console/key-cache.tsx"
import { keyPath } from "../../../views/console/keys.tsx"
import { ensure } from "../../app/index.ts"
import { CACHE_FORM, cachePresent, cacheSeconds, newValues, undoTo } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "keys" | "gateway" | "store">

export function keyCacheRoutes(site: ConsoleSite, { keys, gateway, store }: Deps): void {
  site.form("/keys/:key/cache", {
    load(page, { key: id }) {
      const key = keys.byPublicId(page.session.userId, id)
      ensure(key && key.revokedMs === null, "not_found", "There is no such key. Your keys are listed under API keys.")
      return { key, was: cachePresent(gateway.cacheSeconds({ keyId: key.id })) }
    },
    form: CACHE_FORM,
    present: ({ was }) => was,
    async act(page, now, { key, was }) {
      const what = { keyId: key.id, subject: key.publicId, userId: page.session.userId }
      await store.write(page.ctx("set the cache of an API key"), (tx) =>
        gateway.setCacheIn(tx, what, cacheSeconds(now.kept)),
      )
      const path = `${keyPath(key.publicId)}/cache`
      const words = newValues(CACHE_FORM, was, now)
      if (words === "") return { to: path, say: "Nothing was changed." }
      return { to: path, say: `${key.name}, from the next call on: ${words}.`, undo: undoTo(path, CACHE_FORM, was) }
    },
    show: (page, form, { key }, status) =>
      page.render((frame) => KeyCachePage({ frame, apiKey: { id: key.publicId, name: key.name }, form }), status),
  })
}
