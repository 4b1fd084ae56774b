// Makes pairs, seals their private parts into rows, and opens them again.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose"
import type { Keyring } from "../../app/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { SigningPairs } from "../types.ts"
import { SIGNING_ALGS, type SigningAlg } from "./algs.ts"
import { insertKey, type SigningKeyRow } from "./store.ts"

/** A pair that is no row yet. */
export interface MadeKey {
  kid: string
  alg: SigningAlg
  publicKey: CryptoKey
  privateKey: CryptoKey | null
  publicJwk: JWK
  /** In clear: it is sealed in the body that saves it. */
  privateJwk: JWK
}

export type LoadedKey = Omit<MadeKey, "privateJwk"> & { row: SigningKeyRow }

const PURPOSE = "oauth-signing-key"
const place = (kid: string): string => `oauth_signing_keys:private_jwk:${kid}`

export const SEALED_KEYS: SealedColumn = {
  what: "keys that sign tokens",
  table: "oauth_signing_keys",
  blob: "private_jwk",
  assign: "private_jwk = ?",
  purpose: PURPOSE,
  columns: ["kid"],
  place,
}

const makePair = (alg: SigningAlg): Promise<CryptoKeyPair> =>
  generateKeyPair(alg, { extractable: true, ...(alg === "RS256" ? { modulusLength: 2048 } : {}) })

/** For a new database; 0.2 s of a core, nearly all of it for looking for primes. */
export const makePairs = async (): Promise<SigningPairs> => [await makePair("RS256"), await makePair("RS256")]

/** One pair of each algorithm. */
export const makeSet = (): Promise<MadeKey[]> =>
  Promise.all(SIGNING_ALGS.map(async (alg) => keyOf(alg, await makePair(alg))))

/** Two pairs of it, for a database that has none. @param lent RSA pairs in place of new ones */
export async function makeFirst(alg: SigningAlg, lent = makePairs): Promise<[MadeKey, MadeKey]> {
  const [active, next] = alg === "RS256" ? await lent() : [await makePair(alg), await makePair(alg)]
  return [await keyOf(alg, active), await keyOf(alg, next)]
}

async function keyOf(alg: SigningAlg, pair: CryptoKeyPair): Promise<MadeKey> {
  const { publicKey } = pair
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(pair.privateKey)])
  // The one that signs cannot be exported.
  const privateKey = (await importJWK(privateJwk, alg)) as CryptoKey
  return { kid: await calculateJwkThumbprint(publicJwk), alg, publicKey, privateKey, publicJwk, privateJwk }
}

export function insertSealed(tx: Tx, keyring: Keyring, made: MadeKey, state: "active" | "next"): void {
  const { kid, alg, publicJwk } = made
  const privateJwk = sealIn(tx, keyring, SEALED_KEYS, [kid], JSON.stringify(made.privateJwk))
  insertKey(tx, { kid, alg, publicJwk: JSON.stringify(publicJwk), privateJwk, state })
}

export async function loadKey(row: SigningKeyRow, keyring: Keyring): Promise<LoadedKey> {
  const { kid, alg } = row
  const publicJwk = JSON.parse(row.publicJwk) as JWK
  const opened = row.privateJwk && keyring.open(PURPOSE, place(kid), row.privateJwk)
  const privateKey = opened ? ((await importJWK(JSON.parse(opened) as JWK, alg)) as CryptoKey) : null
  return { kid, alg, publicKey: (await importJWK(publicJwk, alg)) as CryptoKey, privateKey, publicJwk, row }
}
