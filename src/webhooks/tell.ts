// Owners are told of endpoints that went off by themselves. The page is of their app where it is an app's.
import type { Reader, Tx } from "../store/index.ts"
import { webhookOff } from "./mails.ts"
import { markTold, untold } from "./store.ts"
import type { WebhookDeps } from "./types.ts"

export interface TellDeps extends Pick<WebhookDeps, "store" | "mails"> {
  /** Of whoever has it; of a team, of its people who build. */
  emailsOf(reader: Reader, ownerId: number): readonly string[]
  /** Public id of an app; null = it is gone. */
  appOf(clientId: number): string | null
}

const CTX = { actor: "system:tell-webhooks", requestId: "job_tell-webhooks", reason: "an endpoint went off by itself" }

/** @returns how many were looked at */
export const tellOwners = ({ store, ...deps }: TellDeps, rows: number): Promise<number> =>
  untold(store.read, 1).length === 0 ? Promise.resolve(0) : store.write(CTX, (tx) => tellIn(deps, tx, rows))

function tellIn({ mails, emailsOf, appOf }: Omit<TellDeps, "store">, tx: Tx, rows: number): number {
  const all = untold(tx, rows)
  for (const { id, userId, clientId, publicId, url, offBecause } of all) {
    markTold(tx, id)
    const app = clientId === null ? null : appOf(clientId)
    if (offBecause === null || offBecause === "owner" || offBecause === "removed") continue
    const path = app === null ? `/settings/webhooks/${publicId}` : `/developer/apps/${app}/webhooks/${publicId}`
    const data = { host: new URL(url).host, because: offBecause, path }
    for (const to of emailsOf(tx, userId)) mails.queueIn(tx, webhookOff, { to, data, uselessAfterMs: null })
  }
  return all.length
}
