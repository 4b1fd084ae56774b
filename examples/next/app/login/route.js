// 1. Send the person to sign in. PKCE and state tie the answer to this browser.
import { redirect } from "next/navigation"
import * as oidc from "openid-client"
import { CALLBACK, config, writeSession } from "../../lib/purser.js"

export async function GET() {
  const trip = { state: oidc.randomState(), verifier: oidc.randomPKCECodeVerifier() }
  await writeSession(trip)
  const address = oidc.buildAuthorizationUrl(await config(), {
    redirect_uri: CALLBACK,
    scope: "openid profile offline_access llm",
    state: trip.state,
    code_challenge: await oidc.calculatePKCECodeChallenge(trip.verifier),
    code_challenge_method: "S256",
  })
  redirect(address.href)
}
