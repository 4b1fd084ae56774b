// What `support` has of a person: what they asked, and what was said.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const SUPPORT_PERSONAL: Personal = {
  tables: {
    support_threads: { erased: "deleted", exported: "support-questions.csv" },
    support_messages: { erased: "deleted", exported: "support-messages.csv" },
  },
  files: [
    {
      name: "support-questions.csv",
      what: "Questions that you asked the operator.",
      sql: `SELECT id AS place, public_id AS id, topic, subject, state, created_ms, since_ms FROM support_threads
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "support-messages.csv",
      what: "What you and the operator wrote in them.",
      sql: `SELECT m.id AS place, t.public_id AS question, m.side, m.text, m.created_ms FROM support_messages m
        JOIN support_threads t ON t.id = m.thread_id WHERE t.user_id = ?1 AND m.id > ?2 ORDER BY m.id LIMIT ?3`,
    },
  ],
}

export const eraseSupport = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) =>
      deleteSome(
        tx,
        "support_messages",
        "thread_id IN (SELECT id FROM support_threads WHERE user_id = ?)",
        [userId],
        left,
      ),
    (left) => deleteSome(tx, "support_threads", "user_id = ?", [userId], left),
  ])
