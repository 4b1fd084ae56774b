// The other side: what a relying party must refuse of an issuer (the OpenID Foundation's RP plans, oidcc-client-test-…), where the target
// signs people in with others. The issuer is one made by hand that lies once a module.
import { type HostileIssuer, type Lies, startHostile } from "../../fakes/issuer/hostile.ts"
import { type Module, must, mustEqual, type Plan } from "./run.ts"

let people = 0

/** @returns whether somebody came in by what the issuer answered */
async function comesIn(
  run: Parameters<Module>[0],
  lies: Lies,
  over: (issuer: HostileIssuer) => Record<string, string | null> = () => ({}),
): Promise<{ isIn: boolean; issuer: HostileIssuer }> {
  const { relying } = run.target
  if (!relying) return run.skip("it is no relying party")
  const issuer = await startHostile()
  try {
    // Somebody new each time: an account that is there already would keep them out for another reason.
    const who = `rp${++people}`
    issuer.lies = { ...lies, claims: { sub: who, email: `${who}@example.com`, ...lies.claims } }
    const isIn = await relying(issuer.issuer, (url) => issuer.answer(url, over(issuer)))
    return { isIn, issuer }
  } finally {
    issuer.close()
  }
}

const refuses =
  (lies: Lies, over?: Parameters<typeof comesIn>[2]): Module =>
  async (run) => {
    const { isIn } = await comesIn(run, lies, over)
    must(!isIn, "somebody came in")
  }

export const RP_PLAN: Plan = {
  async "oidcc-client-test"(run) {
    const { isIn, issuer } = await comesIn(run, {})
    must(isIn, "nobody came in by a right answer")
    mustEqual(issuer.codes.length, 1, "requests to the token endpoint")
    must(issuer.codes[0]!.get("code_verifier"), "no code_verifier was sent")
  },
  "oidcc-client-test-invalid-iss": refuses({ claims: { iss: "https://other.example" } }),
  "oidcc-client-test-missing-iss": refuses({ claims: { iss: undefined } }),
  "oidcc-client-test-missing-sub": refuses({ claims: { sub: undefined } }),
  "oidcc-client-test-invalid-aud": refuses({ claims: { aud: "somebody-else" } }),
  "oidcc-client-test-missing-aud": refuses({ claims: { aud: undefined } }),
  "oidcc-client-test-missing-iat": refuses({ claims: { iat: undefined } }),
  "oidcc-client-test-expired-id-token": refuses({ claims: { exp: Math.floor(Date.now() / 1_000) - 3_600 } }),
  "oidcc-client-test-nonce-invalid": refuses({ claims: { nonce: "another" } }),
  "oidcc-client-test-nonce-missing": refuses({ claims: { nonce: undefined } }),
  "oidcc-client-test-idtoken-sig-none": refuses({ alg: "none" }),
  "oidcc-client-test-invalid-sig-rs256": refuses({ otherKey: true }),
  "oidcc-client-test-invalid-azp": refuses({ claims: { aud: ["purser-here", "other"], azp: "other" } }),
  "oidcc-client-test-userinfo-invalid-sub": refuses({
    claims: { email: undefined, email_verified: undefined },
    userinfo: { sub: "another", email: "ada@example.com", email_verified: true },
  }),
  "oidcc-client-test-discovery-issuer-mismatch": refuses({
    discovery: { change: { issuer: "https://other.example" } },
  }),
  "oidcc-client-test-response-iss-mismatch": refuses({}, () => ({ iss: "https://other.example" })),
  "oidcc-client-test-response-iss-missing": refuses({}, () => ({ iss: null })),
  "oidcc-client-test-response-state-missing": refuses({}, () => ({ state: null })),
  "oidcc-client-test-response-state-forged": refuses({}, () => ({ state: "v1.forged.state.x" })),
  "oidcc-client-test-response-error": refuses({}, () => ({ code: null, error: "access_denied" })),
}
