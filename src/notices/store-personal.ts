// What notices have of a person: what they were told, and what they turned off.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const NOTICES_PERSONAL: Personal = {
  tables: {
    notices: { erased: "deleted", exported: "notices.csv" },
    notices_mailed: { erased: "deleted", exported: "notices-mailed.csv" },
    notices_held: { erased: "deleted", exported: "notices-waiting.csv" },
    notices_digests: { erased: "deleted", exported: { not: "when what waits is sent: within the hour" } },
    notices_off: { erased: "deleted", exported: "notices-turned-off.csv" },
  },
  files: [
    {
      name: "notices.csv",
      what: "What you were told in the console.",
      sql: `SELECT id AS place, public_id AS id, kind, title, path, created_ms, read_ms FROM notices
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "notices-mailed.csv",
      what: "Mails of the last day that you could turn off, as they are counted.",
      sql: `SELECT id AS place, kind, at_ms FROM notices_mailed WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "notices-waiting.csv",
      what: "Notices that wait for one mail about all of them.",
      sql: `SELECT id AS place, kind, title, at_ms FROM notices_held WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "notices-turned-off.csv",
      what: "Kinds of notices that you turned off.",
      sql: `SELECT * FROM (SELECT row_number() OVER (ORDER BY kind, channel) AS place, kind, channel, off_ms
        FROM notices_off WHERE user_id = ?1) WHERE place > ?2 ORDER BY place LIMIT ?3`,
    },
  ],
}

export const eraseNotices = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "notices", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "notices_mailed", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "notices_held", "user_id = ?", [userId], left),
    () => tx.run("DELETE FROM notices_digests WHERE user_id = ?", userId).changes,
    () => tx.run("DELETE FROM notices_off WHERE user_id = ?", userId).changes,
  ])
