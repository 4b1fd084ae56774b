// Sign-in and the session of a visitor: tokens travel in a cookie that only this server can open.
import { createHash } from "node:crypto"
import { EncryptJWT, jwtDecrypt } from "jose"
import { cookies } from "next/headers"
import * as oidc from "openid-client"

export const { PURSER_ISSUER, MODEL = "capability:fast" } = process.env
export const ORIGIN = process.env.ORIGIN ?? "http://localhost:3000"
export const CALLBACK = `${ORIGIN}/callback`
const COOKIE = "session"
const DAYS_30 = 30 * 86_400

let known
export function config() {
  const insecure = PURSER_ISSUER.startsWith("http:") ? { execute: [oidc.allowInsecureRequests] } : {}
  const { PURSER_CLIENT_ID, PURSER_CLIENT_SECRET } = process.env
  known ??= oidc.discovery(new URL(PURSER_ISSUER), PURSER_CLIENT_ID, PURSER_CLIENT_SECRET, undefined, insecure)
  known.catch(() => {
    known = undefined
  })
  return known
}

const key = () => createHash("sha256").update(process.env.SESSION_SECRET).digest()

export async function readSession() {
  const sealed = (await cookies()).get(COOKIE)?.value
  if (!sealed) return null
  return jwtDecrypt(sealed, key()).then(
    ({ payload }) => payload,
    () => null,
  )
}

export async function writeSession(session) {
  const sealed = await new EncryptJWT(session)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuedAt()
    .setExpirationTime("30d")
    .encrypt(key())
  const secure = ORIGIN.startsWith("https:")
  ;(await cookies()).set(COOKIE, sealed, { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: DAYS_30 })
}

/** What of an answer of /token the session keeps: the ID token would make the cookie too large. */
export const kept = ({ access_token, refresh_token, expires_in = 3_600 }) => ({
  access: access_token,
  refresh: refresh_token,
  endsMs: Date.now() + expires_in * 1_000,
})

/** A token for a call; renewed when it is about to end. */
export async function tokenOf(session) {
  if (Date.now() < session.endsMs - 60_000) return session.access
  const next = { ...session, ...kept(await oidc.refreshTokenGrant(await config(), session.refresh)) }
  await writeSession(next)
  return next.access
}
