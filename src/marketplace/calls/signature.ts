// Signed calls, where the owner of a key wants them: an HMAC over method, path, query, body and moment, with a nonce that counts once.
// After RFC 9421 in what is covered, and RFC 9530 in the digest.
import { createHmac } from "node:crypto"
import { AppError, constantTimeEqual, ensure } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Asked } from "./asked.ts"
import type { CallsCore } from "./core.ts"
import { SEALED_SIGNING } from "./keys/issue.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { useNonce } from "./store-nonces.ts"
import type { KeyRow } from "./types.ts"

const SIGNATURE_HEADERS = ["x-signature", "x-signature-created", "x-signature-nonce"] as const

/** What was sent, with what stands in for the body. */
export interface Signed {
  /** Of the body as it came; null = it was not read, for nobody asked. */
  bytes: Uint8Array<ArrayBuffer> | null
  headers: Headers
}

/** What is signed, line by line. */
export const signedText = (of: {
  method: string
  path: string
  query: string
  digest: string
  created: string
  nonce: string
}): string => [of.method, of.path, of.query, of.digest, of.created, of.nonce].join("\n")

/** `sha-256=:…:` of a body; "" of none. */
export const digestOfBody = (bytes: Uint8Array | null): string =>
  bytes === null || bytes.length === 0
    ? ""
    : `sha-256=:${new Bun.CryptoHasher("sha256").update(bytes).digest("base64")}:`

export const signatureOf = (secret: string, text: string): string =>
  createHmac("sha256", secret).update(text).digest("base64url")

/** @throws AppError signature_invalid */
export function checkSignatureIn(core: CallsCore, tx: Tx, key: KeyRow, asked: Asked, { bytes, headers }: Signed): void {
  const [signature, created, nonce] = SIGNATURE_HEADERS.map((name) => headers.get(name) ?? "")
  ensure(
    signature && created && nonce,
    "signature_invalid",
    "Calls with this key are signed: send x-signature, x-signature-created and x-signature-nonce.",
  )
  const ms = /^\d{9,11}$/.test(created) ? Number(created) * 1_000 : Number.NaN
  const isRecent = Math.abs(tx.now - ms) <= L.signatureSkewMs
  ensure(
    isRecent,
    "signature_invalid",
    "This signature is too old, or the clock of its sender is wrong. It counts for five minutes.",
  )
  ensure(/^[A-Za-z0-9_-]{8,64}$/.test(nonce), "signature_invalid", "A nonce has 8 to 64 letters, digits, - and _.")
  const digest = digestOfBody(bytes)
  const said = headers.get("content-digest")
  ensure(said === null || said === digest, "signature_invalid", "The content-digest is not the body's.")
  const text = signedText({ method: asked.method, path: asked.path, query: asked.query, digest, created, nonce })
  const secret = core.keyring.open(SEALED_SIGNING.purpose, SEALED_SIGNING.place(key.publicId), key.hmacSecret!)
  if (!constantTimeEqual(signature, signatureOf(secret, text)))
    throw new AppError("signature_invalid", "The signature is not the one of this call and this key.")
  const isFirst = useNonce(tx, key.id, nonce, tx.now + 2 * L.signatureSkewMs)
  ensure(isFirst, "signature_invalid", "This nonce was used before. Each call has one of its own.")
}
