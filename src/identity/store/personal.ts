// What `identity` has of a person. Their row stays as a number that the books name, without a word of them; see `tombstone`.
import { type Erased, type Personal, takeSteps } from "../../part/index.ts"
import { deleteSome, type Tx } from "../../store/index.ts"

const SECRET = { not: "it lets somebody in, and is stored as a hash or sealed" }

export const IDENTITY_PERSONAL: Personal = {
  tables: {
    principals: { erased: { stays: "a number that the books name" }, exported: { not: "a number" } },
    users: { erased: "emptied", exported: "account.json" },
    sessions: { erased: "deleted", exported: "sign-ins.csv" },
    email_codes: { erased: "deleted", exported: { not: "codes of the last minutes" } },
    password_resets: { erased: "deleted", exported: SECRET },
    setup_links: { erased: { stays: "says by number who became the first admin" }, exported: SECRET },
    login_links: { erased: "deleted", exported: SECRET },
    totp_secrets: { erased: "deleted", exported: SECRET },
    recovery_codes: { erased: "deleted", exported: SECRET },
    external_identities: { erased: "deleted", exported: "connections.csv" },
    saved_lists: { erased: "deleted", exported: "saved-lists.csv" },
  },
  files: [
    {
      name: "account.json",
      what: "Your account: address, name, what you say of yourself, and since when.",
      sql: `SELECT id AS place, public_id AS id, email, email_verified_ms, name, company, locale, zoneinfo, is_admin, status, created_ms, updated_ms FROM users
        WHERE id = ?1 AND id > ?2 LIMIT ?3`,
    },
    {
      name: "sign-ins.csv",
      what: "Where you are and were signed in: device, network address, times.",
      sql: `SELECT id AS place, public_id AS id, kind, amr AS methods, ip, user_agent, created_ms, seen_ms, expires_ms, ended_ms, end_reason
        FROM sessions WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "connections.csv",
      what: "Accounts elsewhere that open this one.",
      sql: `SELECT id AS place, issuer, subject, email, linked_ms, used_ms FROM external_identities
        WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "saved-lists.csv",
      what: "Lists that you saved with their filters.",
      sql: `SELECT id AS place, page, name, query, created_ms FROM saved_lists WHERE user_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
  ],
}

export const erasePerson = (tx: Tx, { id, email }: Erased, rows: number): number =>
  takeSteps(rows, [
    // A code to a new address carries the password that it was asked with; one from before that was changed goes within a day.
    (left) =>
      deleteSome(
        tx,
        "email_codes",
        "email = ? OR (purpose = 'email_change' AND password_hash = (SELECT password_hash FROM users WHERE id = ?))",
        [email, id],
        left,
      ),
    // Sessions of the console hang on their sign-in, and go with it.
    (left) => deleteSome(tx, "sessions", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "login_links", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "totp_secrets", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "recovery_codes", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "external_identities", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "saved_lists", "user_id = ?", [id], left),
    (left) => deleteSome(tx, "password_resets", "email = ?", [email], left),
  ])
