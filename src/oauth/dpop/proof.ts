// Reads a DPoP proof (RFC 9449 §4.3): who signed it, for which request, when, under which nonce. What it proves is a key; whether that is
// the key of a token, the caller asks.
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from "jose"
import { AppError, constantTimeEqual } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { DPOP_ALGS } from "./algs.ts"
import type { Nonces } from "./nonces.ts"

export interface ProofInput {
  /** The `DPoP` header as it came. */
  proof: string
  method: string
  /** Address of the request as the public knows it; query and fragment do not count. */
  url: string
  /** At a resource: the access token that comes with it. */
  token?: string
}

export interface Proof {
  /** Thumbprint of the key. */
  jkt: string
  /** Takes it for the only time; call it once everything else is right. @throws AppError */
  spend(): void
  /** For the next proof, when this one's nonce is about to end. */
  nextNonce: string | null
}

interface Reader {
  nonces: Nonces
  /** Others' clocks are held against this. */
  nowMs: number
}

/** @throws AppError dpop_proof_invalid, dpop_nonce_needed */
export async function readProof({ nonces, nowMs }: Reader, input: ProofInput): Promise<Proof> {
  const { payload, jwk } = await verified(input.proof, nowMs)
  const { jti, htm, htu, iat, nonce, ath } = payload
  if (typeof jti !== "string" || jti === "" || jti.length > OAUTH_LIMITS.dpopJtiCharsMax) throw invalid("jti")
  if (htm !== input.method) throw invalid("htm")
  if (typeof htu !== "string" || !isSameAddress(htu, input.url)) throw invalid("htu")
  if (typeof iat !== "number" || Math.abs(nowMs - iat * 1_000) > OAUTH_LIMITS.dpopIatMs) throw invalid("iat")
  if (input.token !== undefined && (typeof ath !== "string" || !constantTimeEqual(ath, hashOf(input.token)))) {
    throw invalid("ath")
  }
  if (typeof nonce !== "string" || !nonces.isValid(nonce)) {
    throw new AppError("dpop_nonce_needed", "Repeat this with the nonce of the header DPoP-Nonce in the proof.", {
      headers: { "dpop-nonce": nonces.current },
    })
  }
  const jkt = await calculateJwkThumbprint(jwk)
  return {
    jkt,
    spend: () => nonces.spend({ nonce, jkt, jti }),
    nextNonce: nonces.isCurrent(nonce) ? null : nonces.current,
  }
}

async function verified(proof: string, nowMs: number) {
  if (proof.length > OAUTH_LIMITS.dpopProofCharsMax) throw invalid("length")
  try {
    const { payload, protectedHeader } = await jwtVerify(
      proof,
      (header, token) => {
        const { jwk } = header
        if (!jwk || !isPublicKey(jwk)) throw invalid("jwk")
        return EmbeddedJWK(header, token)
      },
      // `iat` is judged by the caller, both ways.
      { algorithms: [...DPOP_ALGS], typ: "dpop+jwt", currentDate: new Date(nowMs) },
    )
    return { payload: payload as Record<string, unknown>, jwk: protectedHeader.jwk as JWK }
  } catch (error) {
    throw error instanceof AppError ? error : invalid(error)
  }
}

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]
/** base64url of 4,096 bits. */
const MODULUS_CHARS_MAX = 683

/** A public key of a usual size: an RSA exponent or modulus of any size would be work that anybody can order. */
function isPublicKey(jwk: JWK): boolean {
  if (PRIVATE.some((member) => Object.hasOwn(jwk, member))) return false
  return jwk.kty !== "RSA" || (jwk.e === "AQAB" && typeof jwk.n === "string" && jwk.n.length <= MODULUS_CHARS_MAX)
}

/** Equal after the normalisation of RFC 3986 §6.2.2 and §6.2.3, without query and fragment. */
function isSameAddress(htu: string, url: string): boolean {
  if (htu.length > OAUTH_LIMITS.redirectUriCharsMax || !URL.canParse(htu)) return false
  return plain(htu) === plain(url)
}

function plain(address: string): string {
  const { protocol, host, username, password, pathname } = new URL(address)
  return `${protocol}//${username}${password}${host}${unescaped(pathname)}`
}

/** Letters that need no escape are the same without one; what would be a border of parts stays escaped, in one spelling. */
const unescaped = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16))
    return /[A-Za-z0-9\-._~]/.test(letter) ? letter : escaped.toUpperCase()
  })

const hashOf = (token: string): string => new Bun.CryptoHasher("sha256").update(token).digest("base64url")

const invalid = (detail: unknown): AppError =>
  new AppError("dpop_proof_invalid", "The DPoP proof is not one for this request.", {}, detail)
