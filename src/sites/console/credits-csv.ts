// /credits.csv: streams portions that the read Worker makes, one asked for when the client has taken the last. Nothing is gathered:
// memory stays flat however long the history and however slow the reader.
import { csvHeaders } from "../../http/index.ts"
import type { KeyChoice } from "../../keys/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import { CREDITS_CSV_HEAD, CREDITS_EXPORT, type CreditsExportInput, type CreditsExportPage } from "./credits-export.ts"
import { type CreditsFilter, filterDays } from "./credits-filter.ts"
import type { ConsoleDeps } from "./site.ts"

export function creditsCsv(
  deps: Pick<ConsoleDeps, "exports" | "clock" | "keys">,
  page: { holder: Pick<PageRequest["holder"], "id"> },
  filter: CreditsFilter,
  apps: readonly Client[],
  choosable: readonly KeyChoice[] = [],
): Response {
  const client = filter.app === null ? null : apps.find((app) => app.publicId === filter.app)
  const key = filter.key === null ? null : choosable.find(({ publicId }) => publicId === filter.key)
  // A filter that is wrong, or names an app or a key that is not this person's, has no rows.
  const isNothing = filter.error !== null || client === undefined || key === undefined
  const input: CreditsExportInput = {
    userId: page.holder.id,
    types: filter.kind?.types ?? null,
    clientId: client?.id ?? null,
    keyId: key?.id ?? null,
    fromMs: filter.fromMs ?? null,
    toMs: filter.toMs ?? null,
    apps: Object.fromEntries(apps.map((app) => [app.id, app.name])),
    keys: Object.fromEntries(deps.keys.of(page.holder.id).map((key) => [key.id, key.name])),
    cursor: null,
  }
  const body = csvStream(isNothing ? null : (cursor) => deps.exports.ask(CREDITS_EXPORT, { ...input, cursor }))
  return new Response(body, { headers: csvHeaders(`purser-credits-${filterDays(filter, deps.clock.now())}.csv`) })
}

/** Head first, then a portion per pull; a portion that fails breaks the download off, so that half a file never looks whole. */
export function csvStream(
  next: ((cursor: string | null) => Promise<CreditsExportPage>) | null,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let cursor: string | null = null
  let isHeadSent = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!isHeadSent) {
          isHeadSent = true
          controller.enqueue(encoder.encode(CREDITS_CSV_HEAD))
          if (next === null) controller.close()
          return
        }
        // A portion may be empty and not the last: an app whose calls were refused. The stream must hand over something or end.
        for (;;) {
          const page = await next!(cursor)
          cursor = page.cursor
          if (page.text) controller.enqueue(encoder.encode(page.text))
          if (cursor === null) return controller.close()
          if (page.text) return
        }
      },
    },
    { highWaterMark: 0 },
  )
}
