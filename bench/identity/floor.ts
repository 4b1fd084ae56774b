// What signing in cannot be without, measured alone in the same run: an argon2id hash, RS256 signatures, a SHA-256.
import { generateKeyPair, SignJWT } from "jose"

export interface Floors {
  hash_per_s: number
  sign_per_s: number
  sha256_per_s: number
}

/** Two at a time, as the server does it (`hashesParallelMax`). */
const HASHES_AT_ONCE = 2
const COST = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const

export async function floors(quick: boolean): Promise<Floors> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048 })
  const hash = await Bun.password.hash("a long bench password", COST)
  const claims = { iss: "https://id.example.com", sub: "usr_1", aud: "https://id.example.com/v1", scope: "openid llm" }
  const text = "x".repeat(900)
  return {
    hash_per_s: await rate(quick ? 4 : 60, HASHES_AT_ONCE, () => Bun.password.verify("a long bench password", hash)),
    sign_per_s: await rate(quick ? 20 : 2_000, 32, () =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "at+jwt" }).sign(privateKey),
    ),
    sha256_per_s: await rate(quick ? 1_000 : 200_000, 1, async () =>
      new Bun.CryptoHasher("sha256").update(text).digest(),
    ),
  }
}

/** Of `times`, so many at once. */
async function rate(times: number, atOnce: number, one: () => Promise<unknown>): Promise<number> {
  let left = times
  const startedMs = performance.now()
  const work = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return times / ((performance.now() - startedMs) / 1_000)
}
