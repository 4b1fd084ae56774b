// SQL of signing keys.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { signingKeys as signingKeyRows } from "../tables.ts"
import type { SigningAlg } from "./algs.ts"

export type SigningKeyRow = Omit<typeof signingKeyRows.$inferSelect, "id">

export const signingKeys = (reader: Reader): SigningKeyRow[] =>
  reader.all<SigningKeyRow>(
    `SELECT kid, alg, state, public_jwk AS publicJwk, private_jwk AS privateJwk, created_ms AS createdMs,
       active_ms AS activeMs, retired_ms AS retiredMs, compromised_ms AS compromisedMs
     FROM oauth_signing_keys ORDER BY id`,
  )

export function insertKey(
  tx: Tx,
  key: Pick<SigningKeyRow, "kid" | "alg" | "publicJwk"> & { privateJwk: string; state: "active" | "next" },
): void {
  insertRow(tx, signingKeyRows, {
    kid: key.kid,
    alg: key.alg,
    state: key.state,
    publicJwk: key.publicJwk,
    privateJwk: key.privateJwk,
    createdMs: tx.now,
    activeMs: key.state === "active" ? tx.now : null,
  })
}

/** The private part of a key that signs no more, or never will, is destroyed. */
export function retire(tx: Tx, state: "active" | "next"): void {
  tx.run(
    "UPDATE oauth_signing_keys SET state = 'retired', private_jwk = NULL, retired_ms = ? WHERE state = ?",
    tx.now,
    state,
  )
}

/** Nothing that was signed with any key that is out of use counts any more. */
export function distrustRetired(tx: Tx): void {
  tx.run("UPDATE oauth_signing_keys SET compromised_ms = ? WHERE state = 'retired' AND compromised_ms IS NULL", tx.now)
}

/** The next one of each algorithm signs; the one before was retired in this body. */
export function promote(tx: Tx): void {
  tx.run("UPDATE oauth_signing_keys SET state = 'active', active_ms = ? WHERE state = 'next'", tx.now)
}

export const hasKeysOf = (reader: Reader, alg: SigningAlg): boolean =>
  reader.get("SELECT 1 FROM oauth_signing_keys WHERE alg = ? LIMIT 1", alg) !== null
