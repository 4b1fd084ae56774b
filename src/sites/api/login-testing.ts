// For tests of /v1 only: a token of an app, through a real login.
import { credits, randomSecret, sha256Hex, UserId } from "../../app/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"

export const CALLBACK = "https://app.example.com/callback"
const VERIFIER = sha256Hex("a verifier of 64 characters")
const CHALLENGE = new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url")

export const MEDIA = ["embeddings", "image-generation", "video-generation", "speech"]

export async function login(
  oauth: Oauth,
  client: Client,
  secret: string | null,
  userId: number,
  nowMs: number,
  options: { scope?: string; dailyCredits?: number },
): Promise<string> {
  const scope = options.scope ?? "openid profile email llm"
  const session = { sessionId: 1, userId: UserId(userId), authTimeMs: nowMs, amr: ["pwd"], sid: "ses_1" }
  const browserIds = [randomSecret()]
  const params = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope,
    state: "s",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  })
  let outcome = await oauth.beginAuthorization({ params, session, browserIds, requestId: "req_1" })
  if (outcome.kind === "consent") {
    outcome = await oauth.decide({
      interaction: outcome.interaction,
      session,
      browserIds,
      requestId: "req_2",
      approve: true,
      scopes: scope.split(" "),
      limits: {
        llm: credits(options.dailyCredits ?? 1_000),
        ...Object.fromEntries(
          MEDIA.filter((one) => scope.includes(one)).map((one) => [
            one,
            credits(options.dailyCredits ?? (one === "video-generation" ? 50_000 : 1_000)),
          ]),
        ),
      },
    })
  }
  if (outcome.kind !== "redirect") throw new Error(`expected a redirect, got ${outcome.kind}`)
  const code = new URL(outcome.location).searchParams.get("code")!
  const token = await oauth.token({
    params: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      code_verifier: VERIFIER,
      redirect_uri: CALLBACK,
      client_id: client.publicId,
      ...(secret ? { client_secret: secret } : {}),
    }),
    authorization: null,
    requestId: "req_3",
  })
  return token.access_token
}
