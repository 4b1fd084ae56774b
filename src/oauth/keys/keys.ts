// Signing keys: one signs, one is published to sign next, retired ones verify until their last token is over.
// Owns every private key in memory; at rest they are sealed (DESIGN §7). RS256 only: no algorithm is ever taken from
// a token.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose"
import { AppError, invariant, type Keyring } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { OauthDeps, SigningPairs } from "../types.ts"
import { insertKey, type SigningKeyRow, shiftKeys, signingKeys } from "./store.ts"

interface LoadedKey {
  kid: string
  publicKey: CryptoKey
  privateKey: CryptoKey | null
  publicJwk: JWK
  row: SigningKeyRow
}

export interface SigningKeys {
  /** Signs with the active key; `typ` tells access, ID and logout tokens apart. */
  sign(payload: JWTPayload, typ: "at+jwt" | "JWT" | "logout+jwt"): Promise<string>
  /** The key that may verify a token now, or null. `past` also finds keys retired long ago (expired id_token_hint). */
  find(kid: string, past?: boolean): CryptoKey | null
  jwks(): { keys: Record<string, unknown>[] }
  rotate(ctx: WriteContext, force: boolean): Promise<{ kid: string }>
}

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

/** Loads the keys; a database without any gets its first pair. */
export async function loadKeys(
  deps: Pick<OauthDeps, "store" | "clock" | "keyring" | "firstPairs">,
): Promise<SigningKeys> {
  const { store, clock, keyring } = deps
  if (signingKeys(store.read).length === 0) await makeFirstKeys(store, keyring, deps.firstPairs)
  let keys = new Map<string, LoadedKey>()
  let active: LoadedKey
  const adopt = (loaded: LoadedKey[]): void => {
    keys = new Map(loaded.map((key) => [key.kid, key]))
    active = loaded.find((key) => key.row.state === "active")!
    invariant(active?.privateKey, "there is an active signing key")
  }
  adopt(await Promise.all(signingKeys(store.read).map((row) => load(row, keyring))))

  const published = (key: LoadedKey): boolean =>
    key.row.retiredMs === null || clock.now() < key.row.retiredMs + OAUTH_LIMITS.retiredKeyMs

  return {
    sign: (payload, typ) =>
      new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: active.kid, typ }).sign(active.privateKey!),
    find(kid, past = false) {
      const key = keys.get(kid)
      return key && (past || published(key)) ? key.publicKey : null
    },
    jwks: () => ({
      keys: [...keys.values()]
        .filter(published)
        .map(({ publicJwk, kid }) => ({ ...publicJwk, kid, use: "sig", alg: "RS256" })),
    }),
    async rotate(ctx, force) {
      // Made before the commit, so that memory can change in the same turn as the database.
      const made = await keyOf(await makePair())
      const { privateJwk: _sealed, ...signing } = made
      await store.write(ctx, (tx) => {
        const next = signingKeys(tx).find((row) => row.state === "next")!
        const readyMs = next.createdMs + OAUTH_LIMITS.jwksCacheMs
        if (!force && tx.now < readyMs) {
          const waitSeconds = Math.ceil((readyMs - tx.now) / 1_000)
          throw new AppError("conflict", "The next key is too new; apps may not know it yet. Try again later.", {
            retryAfterSeconds: waitSeconds,
          })
        }
        shiftKeys(tx)
        insertSealed(tx, keyring, made, "next")
        const rows = new Map(signingKeys(tx).map((row) => [row.kid, row]))
        auditIn(tx, { action: "signing_keys.rotated", subject: next.kid, after: { next: made.kid } })
        tx.afterCommit(() =>
          adopt(
            [...keys.values(), signing].map((key) => {
              const row = rows.get(key.kid)!
              return { ...key, row, privateKey: row.state === "retired" ? null : key.privateKey }
            }),
          ),
        )
      })
      return { kid: active.kid }
    },
  }
}

const makePair = (): Promise<CryptoKeyPair> => generateKeyPair("RS256", { modulusLength: 2048, extractable: true })

/** For a new database; 0.2 s of a core, nearly all of it for looking for primes. */
export const makePairs = async (): Promise<SigningPairs> => [await makePair(), await makePair()]

async function makeFirstKeys(store: Store, keyring: Keyring, pairs = makePairs): Promise<void> {
  const [active, next] = await Promise.all((await pairs()).map(keyOf))
  invariant(active && next, "there are two pairs")
  const ctx = { actor: "system:boot", requestId: "boot", reason: "first signing keys" }
  await store.write(ctx, (tx) => {
    insertSealed(tx, keyring, active, "active")
    insertSealed(tx, keyring, next, "next")
  })
}

interface MadeKey extends Omit<LoadedKey, "row"> {
  /** In clear: it is sealed in the body that saves it. */
  privateJwk: JWK
}

async function keyOf(pair: CryptoKeyPair): Promise<MadeKey> {
  const { publicKey } = pair
  const [publicJwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(pair.privateKey)])
  // The one that signs cannot be exported.
  const privateKey = (await importJWK(privateJwk, "RS256")) as CryptoKey
  return { kid: await calculateJwkThumbprint(publicJwk), publicKey, privateKey, publicJwk, privateJwk }
}

function insertSealed(
  tx: Tx,
  keyring: Keyring,
  { kid, publicJwk, privateJwk }: MadeKey,
  state: SigningKeyRow["state"],
) {
  const sealed = sealIn(tx, keyring, SEALED_KEYS, [kid], JSON.stringify(privateJwk))
  insertKey(tx, { kid, publicJwk: JSON.stringify(publicJwk), privateJwk: sealed, state })
}

async function load(row: SigningKeyRow, keyring: Keyring): Promise<LoadedKey> {
  const publicJwk = JSON.parse(row.publicJwk) as JWK
  const sealed = row.privateJwk && keyring.open(PURPOSE, place(row.kid), row.privateJwk)
  const privateKey = sealed ? ((await importJWK(JSON.parse(sealed) as JWK, "RS256")) as CryptoKey) : null
  return { kid: row.kid, publicKey: (await importJWK(publicJwk, "RS256")) as CryptoKey, privateKey, publicJwk, row }
}
