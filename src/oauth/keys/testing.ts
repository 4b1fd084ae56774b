// First signing keys that are lent: making two RSA pairs takes 0.2 s of a core, and no test cares which primes they are of.
import { exportJWK, importJWK, type JWK } from "jose"
import type { SigningPairs } from "../types.ts"
import { makePairs } from "./make.ts"

/** The check makes pairs once for all files, and hands them on here. */
const VARIABLE = "PURSER_TEST_PAIRS"

let lent: Promise<SigningPairs> | undefined
/** The same two pairs for every database of this run. */
export const lentPairs = (): Promise<SigningPairs> => {
  const given = process.env[VARIABLE]
  lent ??= given ? read(JSON.parse(given) as JWK[]) : makePairs()
  return lent
}

/** @returns a variable of the environment */
export async function pairsToLend(): Promise<Record<string, string>> {
  const jwks = (await makePairs()).map(({ privateKey }) => exportJWK(privateKey))
  return { [VARIABLE]: JSON.stringify(await Promise.all(jwks)) }
}

const read = async ([active, next]: JWK[]): Promise<SigningPairs> => [await pairOf(active!), await pairOf(next!)]

async function pairOf(jwk: JWK): Promise<CryptoKeyPair> {
  const { kty, n, e } = jwk as { kty: string; n: string; e: string }
  const load = (each: JWK) => importJWK(each, "RS256", { extractable: true }) as Promise<CryptoKey>
  return { privateKey: await load(jwk), publicKey: await load({ kty, n, e }) }
}
