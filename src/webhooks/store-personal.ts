// What webhooks have of a person: the addresses they set up, and what was told to these.
import { eraseFactsAbout } from "../audit/index.ts"
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

const TOLD = { not: "what was sent to an address of theirs, which has it" }

export const WEBHOOKS_PERSONAL: Personal = {
  tables: {
    webhook_endpoints: { erased: "deleted", exported: "webhooks.csv" },
    webhook_secrets: { erased: "deleted", exported: { not: "secrets, sealed" } },
    webhook_health: { erased: "deleted", exported: TOLD },
    webhook_events: { erased: "deleted", exported: TOLD },
    webhook_deliveries: { erased: "deleted", exported: TOLD },
    webhook_lows: { erased: "deleted", exported: { not: "that their credits are low now" } },
    webhook_tries: { erased: "deleted", exported: TOLD },
  },
  files: [
    {
      name: "webhooks.csv",
      what: "Addresses that are told of events of yours and of your apps, without their secrets.",
      sql: `SELECT id AS place, public_id AS id, mode, url, description, types AS events, off_because, off_ms, created_ms
        FROM webhook_endpoints WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
  ],
}

const MINE = "SELECT id FROM webhook_endpoints WHERE user_id = ?"
const TOLD_MINE = `SELECT id FROM webhook_deliveries WHERE endpoint_id IN (${MINE})`

/** Of events that name them to others, what was sent is out of the house; the rows go with the log. */
export const eraseWebhooks = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "webhook_tries", `delivery_id IN (${TOLD_MINE})`, [userId], left),
    (left) =>
      deleteSome(
        tx,
        "webhook_events",
        `id IN (SELECT event_id FROM webhook_deliveries WHERE endpoint_id IN (${MINE}))`,
        [userId],
        left,
      ),
    (left) => deleteSome(tx, "webhook_deliveries", `endpoint_id IN (${MINE})`, [userId], left),
    (left) => deleteSome(tx, "webhook_secrets", `endpoint_id IN (${MINE})`, [userId], left),
    (left) => deleteSome(tx, "webhook_health", `endpoint_id IN (${MINE})`, [userId], left),
    () => tx.run("DELETE FROM webhook_lows WHERE user_id = ?", userId).changes,
    (left) => {
      const gone = tx.all<{ id: string }>(
        "SELECT public_id AS id FROM webhook_endpoints WHERE user_id = ? LIMIT ?",
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        gone.map(({ id }) => id),
      )
      return deleteSome(tx, "webhook_endpoints", "user_id = ?", [userId], left)
    },
  ])
