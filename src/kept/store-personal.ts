// What `kept` has of a person: answers that they let apps go on from.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const KEPT_PERSONAL: Personal = {
  tables: {
    kept_answers: { erased: "deleted", exported: "kept-answers.csv" },
    answer_keeping: { erased: "deleted", exported: "kept-answers.csv" },
  },
  files: [
    {
      name: "kept-answers.csv",
      what: "Answers that are kept for your apps, sealed. Read one with GET /v1/responses/ and its id while it is kept.",
      sql: `SELECT a.id AS place, a.public_id AS id, c.name AS app_name, a.mode, a.previous, a.bytes, a.created_ms, a.touched_ms FROM kept_answers a
        LEFT JOIN v_oauth_clients c ON c.client_id = a.client_id WHERE a.user_id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT ?3`,
    },
  ],
}

export const eraseAnswers = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "kept_answers", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "answer_keeping", "user_id = ?", [userId], left),
  ])
