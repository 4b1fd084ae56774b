// 2. The person comes back with a code; it becomes tokens, which stay in the sealed cookie.
import { redirect } from "next/navigation"
import * as oidc from "openid-client"
import { CALLBACK, config, kept, readSession, writeSession } from "../../lib/purser.js"

export async function GET(request) {
  const trip = await readSession()
  const { search, searchParams } = new URL(request.url)
  if (!trip?.verifier) redirect("/login")
  if (searchParams.get("error") === "access_denied") redirect("/")
  const checks = { pkceCodeVerifier: trip.verifier, expectedState: trip.state }
  const tokens = await oidc.authorizationCodeGrant(await config(), new URL(`${CALLBACK}${search}`), checks)
  await writeSession({ name: tokens.claims()?.name ?? "you", ...kept(tokens) })
  redirect("/")
}
