// sdk.js: what an app imports. One module, nothing beside it.

import { version } from "../package.json"
import type { Options, Purser } from "../sdk.d.ts"
import { isBack } from "./back.ts"
import { defineElements } from "./elements.ts"
import { PurserError } from "./errors.ts"
import { createPurser } from "./purser.ts"

export { PurserError, version }

/** Served by the server itself, at these addresses. */
const SERVED = /^https?:\/\/[^/]+\/sdk(\/[\d.]+\/sdk)?\.js/
const apps = new Map<string, { app: Purser; options: Options }>()
let tellFirst: (app: Purser) => void
const first = new Promise<Purser>((resolve) => {
  tellFirst = resolve
})

export function purser(client: string, options: Options = {}): Purser {
  const from = options.issuer ?? (SERVED.test(import.meta.url) ? import.meta.url : "")
  if (!from) throw new PurserError("misconfigured", "Say where the server is: purser(client, { issuer }).")
  const { origin } = new URL(from)
  const key = `${origin} ${client}`
  const known = apps.get(key)
  if (known) {
    // An element may have been first. Where tokens are kept is no longer a question.
    Object.assign(known.options, { ...options, store: known.options.store })
    return known.app
  }
  const own = { ...options }
  const app = createPurser(client, origin, own)
  apps.set(key, { app, options: own })
  tellFirst(app)
  return app
}

if (!isBack() && globalThis.customElements && !customElements.get("purser-button")) defineElements(purser, first)
