// What `webhooks` contributes: the delivery with its schedule, the mail about endpoints that went off, the sweep.
import { type ClientId, DAY_MS, HOUR_MS, inRounds, type Nano, type PrincipalId, UserId } from "../app/index.ts"
import type { Job, Part, Setting } from "../part/index.ts"
import type { Reader } from "../store/index.ts"
import { WEBHOOK_TOPIC } from "./emit.ts"
import type { Webhooks } from "./index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { webhookOff } from "./mails.ts"
import { SEALED_WEBHOOKS } from "./secrets.ts"
import { WEBHOOK_SENTENCES } from "./sentences.ts"
import { WEBHOOK_DAYS, WEBHOOK_KEEPS } from "./settings.ts"
import { eraseWebhooks, WEBHOOKS_PERSONAL } from "./store-personal.ts"
import type { DayFigures } from "./watch.ts"

interface Works {
  webhooks: Pick<Webhooks, "deliver" | "tellOwners" | "sweep" | "tellDays" | "tellLows">
  analytics: { report(query: FiguresAsked): Promise<{ totals: DayFigures }> }
  spending: { markOf(ownerId: UserId): { belowNano: Nano } }
  ledger: { wallet(owner: { kind: "principal"; id: PrincipalId }, mode: "live"): { spendableNano: Nano } }
  settings: { get<Value>(setting: Setting<Value>): Value }
  teams: { emailsOf(reader: Reader, ownerId: UserId, right: "build"): string[] }
  oauth: { clientById(id: number): { publicId: string; removedMs: number | null } | null }
}

interface FiguresAsked {
  clientIds: readonly ClientId[]
  span: { from: number; to: number }
  by: "app"
  filter: Record<never, never>
}

export const webhooksPart: Part<Works> = {
  name: "webhooks",
  personal: WEBHOOKS_PERSONAL,
  letters: [webhookOff],
  settings: [WEBHOOK_DAYS],
  keeps: WEBHOOK_KEEPS,
  sealed: [SEALED_WEBHOOKS],
  sentences: WEBHOOK_SENTENCES,
  run: ({ webhooks, settings, teams, oauth, analytics, ledger, spending }) => ({
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
            emailsOf: (reader: Reader, id: number) => teams.emailsOf(reader, UserId(id), "build"),
            appOf: (id: number) => oauth.clientById(id)?.publicId ?? null,
          }
          return (await webhooks.tellOwners(ports, rows)) >= rows
        },
      },
      {
        name: "webhook-days",
        everyMs: L.daysEveryMs,
        sliceRows: L.daysRows,
        run: ({ rows }) =>
          webhooks.tellDays(async ({ id }, day) => {
            const asked = { clientIds: [id], span: { from: day, to: day }, by: "app", filter: {} } as const
            return (await analytics.report(asked)).totals
          }, rows),
      },
      lowsJob({ webhooks, ledger, spending }),
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

/** Goes through all who listen, slice by slice, and begins anew. */
function lowsJob({ webhooks, ledger, spending }: Pick<Works, "webhooks" | "ledger" | "spending">): Job {
  const balanceOf = (id: UserId) => ledger.wallet({ kind: "principal", id }, "live").spendableNano
  const belowOf = (id: UserId) => spending.markOf(id).belowNano
  const go = inRounds((after, rows) => webhooks.tellLows({ balanceOf, belowOf }, after, rows))
  return { name: "webhook-lows", everyMs: L.lowsEveryMs, run: ({ rows }) => go(rows) }
}
