// SQL of signing keys.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { signingKeys as signingKeyRows } from "../tables.ts"

export type SigningKeyRow = Omit<typeof signingKeyRows.$inferSelect, "id">

export const signingKeys = (reader: Reader): SigningKeyRow[] =>
  reader.all<SigningKeyRow>(
    `SELECT kid, state, public_jwk AS publicJwk, private_jwk AS privateJwk, created_ms AS createdMs,
       retired_ms AS retiredMs
     FROM oauth_signing_keys ORDER BY id`,
  )

export function insertKey(
  tx: Tx,
  key: Pick<SigningKeyRow, "kid" | "state" | "publicJwk"> & { privateJwk: string },
): void {
  insertRow(tx, signingKeyRows, {
    kid: key.kid,
    state: key.state,
    publicJwk: key.publicJwk,
    privateJwk: key.privateJwk,
    createdMs: tx.now,
  })
}

/** The private part of a key that no longer signs is destroyed. */
export function shiftKeys(tx: Tx): void {
  tx.run(
    "UPDATE oauth_signing_keys SET state = 'retired', private_jwk = NULL, retired_ms = ? WHERE state = 'active'",
    tx.now,
  )
  tx.run("UPDATE oauth_signing_keys SET state = 'active' WHERE state = 'next'")
}
