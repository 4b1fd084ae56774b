// What `webhooks` contributes: the delivery with its schedule, the mail about endpoints that went off, the sweep.
import { DAY_MS, HOUR_MS } from "../app/index.ts"
import type { Part, Setting } from "../part/index.ts"
import { WEBHOOK_TOPIC } from "./emit.ts"
import type { Webhooks } from "./index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { webhookOff } from "./mails.ts"
import { SEALED_WEBHOOKS } from "./secrets.ts"
import { WEBHOOK_SENTENCES } from "./sentences.ts"
import { WEBHOOK_DAYS, WEBHOOK_KEEPS } from "./settings.ts"
import { eraseWebhooks, WEBHOOKS_PERSONAL } from "./store-personal.ts"

interface Works {
  webhooks: Pick<Webhooks, "deliver" | "tellOwners" | "sweep">
  settings: { get<Value>(setting: Setting<Value>): Value }
  identity: { userById(id: number): { email: string } | null }
  oauth: { clientById(id: number): { publicId: string; removedMs: number | null } | null }
}

export const webhooksPart: Part<Works> = {
  name: "webhooks",
  personal: WEBHOOKS_PERSONAL,
  letters: [webhookOff],
  settings: [WEBHOOK_DAYS],
  keeps: WEBHOOK_KEEPS,
  sealed: [SEALED_WEBHOOKS],
  sentences: WEBHOOK_SENTENCES,
  run: ({ webhooks, settings, identity, oauth }) => ({
    handlers: {
      [WEBHOOK_TOPIC]: {
        deliver: webhooks.deliver,
        waitsMs: L.waitsMs,
        parallelMax: L.parallelMax,
        laneMax: L.perEndpointMax,
      },
    },
    jobs: [
      {
        name: "tell-webhooks",
        everyMs: L.tellEveryMs,
        async run({ rows }) {
          const ports = {
            emailOf: (id: number) => identity.userById(id)?.email ?? null,
            appOf: (id: number) => oauth.clientById(id)?.publicId ?? null,
          }
          return (await webhooks.tellOwners(ports, rows)) >= rows
        },
      },
      {
        name: "sweep-webhooks",
        everyMs: HOUR_MS,
        run: async ({ rows }) => (await webhooks.sweep(settings.get(WEBHOOK_DAYS) * DAY_MS, rows)) >= rows,
      },
    ],
    lifecycle: {
      suspended: { nothing: "a receiver is told that things ended; nothing new happens to a suspended person" },
      reinstated: { nothing: "nothing was turned off" },
      passwordChanged: { nothing: "no password made an endpoint, and its secret opens nothing here" },
      erased: (tx, { id }, rows) => eraseWebhooks(tx, id, rows),
    },
  }),
}
