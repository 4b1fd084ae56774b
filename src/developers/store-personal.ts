// What `developers` has of a person: that they accepted the agreement, which stays, the company they named and the secret keys of
// their apps, which go.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx, updateSome } from "../store/index.ts"

export const DEVELOPERS_PERSONAL: Personal = {
  tables: {
    developers: { erased: "emptied", exported: "developer.csv" },
    developer_agreements: {
      erased: { stays: "which agreement was accepted when, by number: a contract that stood" },
      exported: "developer.csv",
    },
    app_keys: { erased: "deleted", exported: "app-secret-keys.csv" },
    app_hosts: { erased: "deleted", exported: "app-domains.csv" },
    app_transfers: { erased: "deleted", exported: "app-transfers.csv" },
    app_reviews: { erased: "deleted", exported: { not: "what an admin read of your apps: own-apps.csv has it" } },
    app_review_notes: { erased: "deleted", exported: "app-reviews.csv" },
  },
  files: [
    {
      name: "developer.csv",
      what: "The developer agreements that you accepted.",
      sql: `SELECT a.id AS place, d.company, a.version, a.accepted_ms FROM developer_agreements a JOIN developers d ON d.user_id = a.user_id
        WHERE a.user_id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT ?3`,
    },
    {
      name: "app-secret-keys.csv",
      what: "Secret keys of your apps, without the keys themselves.",
      sql: `SELECT id AS place, public_id AS key, name, scopes, created_ms, expires_ms, used_ms, revoked_ms FROM app_keys
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "app-domains.csv",
      what: "Domains of your apps, and when each was shown to be yours.",
      sql: `SELECT client_id AS place, host, proven_by, proven_ms, created_ms FROM app_hosts
        WHERE user_id = ?1 AND client_id > ?2 ORDER BY client_id LIMIT ?3`,
    },
    {
      name: "app-transfers.csv",
      what: "Apps that you offered to somebody, took over or declined.",
      sql: `SELECT id AS place, public_id AS offer, CASE WHEN user_id = ?1 THEN 'by you' ELSE 'to you' END AS offered, to_email, state, created_ms, decided_ms
        FROM app_transfers WHERE (user_id = ?1 OR to_user_id = ?1) AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "app-reviews.csv",
      what: "What you and the people who run this service wrote about your apps.",
      sql: `SELECT n.id AS place, k.public_id AS app, n.side, n.decision, n.text, n.created_ms FROM app_review_notes n
        JOIN v_oauth_clients k ON k.client_id = n.client_id WHERE (n.user_id = ?1 OR k.owner_id = ?1) AND n.id > ?2 ORDER BY n.id LIMIT ?3`,
    },
  ],
}

const OF_OWN = "client_id IN (SELECT client_id FROM v_oauth_clients WHERE owner_id = ?1)"

export const eraseDeveloper = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "app_hosts", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "app_keys", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "app_transfers", "user_id = ?1 OR to_user_id = ?1", [userId], left),
    (left) => deleteSome(tx, "app_review_notes", `(user_id = ?1 AND side = 'developer') OR ${OF_OWN}`, [userId], left),
    (left) => deleteSome(tx, "app_reviews", OF_OWN, [userId], left),
    // What an admin said is the other one's to read, but nobody's name.
    (left) => updateSome(tx, "app_review_notes", "user_id = NULL", "user_id = ?", [userId], left),
    () => tx.run("UPDATE developers SET company = NULL WHERE user_id = ? AND company IS NOT NULL", userId).changes,
  ])
