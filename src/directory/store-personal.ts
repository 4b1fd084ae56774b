// What `directory` has of a person: listings of their apps with screenshots, and what they reported.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const DIRECTORY_PERSONAL: Personal = {
  tables: {
    directory_reports: { erased: "deleted", exported: "reported-apps.csv" },
    directory_listings: { erased: "deleted", exported: "app-listings.csv" },
  },
  files: [
    {
      name: "app-listings.csv",
      what: "What you wrote about your apps for the directory.",
      sql: `SELECT l.client_id AS place, c.public_id AS app, l.slug, l.state, l.tagline, l.description, l.category, l.tags, l.url, l.source_url,
          l.price_words, l.remark, l.saved_ms, l.asked_ms, l.created_ms,
          (SELECT group_concat(s.public_id || ': ' || s.alt, ' | ') FROM directory_shots s WHERE s.client_id = l.client_id) AS screenshots
        FROM directory_listings l JOIN v_oauth_clients c ON c.client_id = l.client_id
        WHERE c.owner_id = ?1 AND l.client_id > ?2 ORDER BY l.client_id LIMIT ?3`,
    },
    {
      name: "reported-apps.csv",
      what: "Apps of the directory that you reported.",
      sql: `SELECT r.id AS place, c.public_id AS app, r.kind, r.words, r.created_ms, r.decided_ms FROM directory_reports r
        JOIN v_oauth_clients c ON c.client_id = r.client_id WHERE r.user_id = ?1 AND r.id > ?2 ORDER BY r.id LIMIT ?3`,
    },
  ],
}

const OWN = "client_id IN (SELECT client_id FROM v_oauth_clients WHERE owner_id = ?1)"

/** Apps that others used stay as numbers in the books: nothing of the directory does. */
export const eraseDirectory = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "directory_reports", `user_id = ?1 OR ${OWN}`, [userId], left),
    (left) => deleteSome(tx, "directory_shots", OWN, [userId], left),
    () =>
      tx.run(`DELETE FROM directory_search WHERE rowid IN (SELECT client_id FROM directory_cards WHERE ${OWN})`, userId)
        .changes,
    (left) => deleteSome(tx, "directory_cards", OWN, [userId], left),
    (left) => deleteSome(tx, "directory_listings", OWN, [userId], left),
  ])

/** Of apps that are gone for good, but whose numbers the books name. */
export function sweepGone(tx: Tx, rows: number): number {
  const GONE = "client_id IN (SELECT client_id FROM v_oauth_clients WHERE removed_ms IS NOT NULL)"
  return takeSteps(rows, [
    (left) => deleteSome(tx, "directory_reports", GONE, [], left),
    (left) => deleteSome(tx, "directory_shots", GONE, [], left),
    () =>
      tx.run(`DELETE FROM directory_search WHERE rowid IN (SELECT client_id FROM directory_cards WHERE ${GONE})`)
        .changes,
    (left) => deleteSome(tx, "directory_cards", GONE, [], left),
    (left) => deleteSome(tx, "directory_listings", GONE, [], left),
  ])
}
