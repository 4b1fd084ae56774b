// Where proofs are asked for: at the token endpoint, and with each call of a token that is bound to a key.
import { AppError } from "../../app/index.ts"
import type { Core } from "../core.ts"
import type { AccessClaims, Client, EndpointInput, ProvenCall } from "../types.ts"
import { type Proof, readProof } from "./proof.ts"

/**
 * The key that a request of the token endpoint proves; null where none is shown and none is needed.
 * @throws AppError invalid_dpop_proof, use_dpop_nonce
 */
export async function proofAt(
  core: Core,
  client: Pick<Client, "dpopBound">,
  { dpop }: Pick<EndpointInput, "dpop">,
  path: string,
): Promise<Proof | null> {
  if (dpop === undefined || dpop === null) {
    if (!client.dpopBound) return null
    throw new AppError("invalid_dpop_proof", "This app asks for bound tokens only: send a DPoP proof.")
  }
  return asked(core, async () => {
    const proof = await readProof(reader(core), { proof: dpop, method: "POST", url: `${core.issuer}${path}` })
    return { ...proof, spend: () => asked(core, () => proof.spend()) }
  })
}

/** The token endpoint answers 400 where a resource answers 401 (RFC 9449 §5, §7.1). */
function asked<T>(core: Core, work: () => T): T {
  const told = (error: unknown): never => {
    if (!(error instanceof AppError)) throw error
    const code = { dpop_proof_invalid: "invalid_dpop_proof", dpop_nonce_needed: "use_dpop_nonce" } as const
    const known = Object.hasOwn(code, error.code) ? code[error.code as keyof typeof code] : null
    if (known === null) throw error
    const headers = { ...error.extra.headers, "dpop-nonce": core.nonces.current }
    throw new AppError(known, error.message, { ...error.extra, headers }, error.detail)
  }
  try {
    const result = work()
    return result instanceof Promise ? (result.catch(told) as T) : result
  } catch (error) {
    return told(error)
  }
}

/**
 * A call with a token that is bound to a key, or with the scheme for such tokens: both, with a proof of that key.
 * @throws AppError token_invalid (the wrong scheme), dpop_proof_invalid, dpop_nonce_needed
 */
export async function proveCall(core: Core, claims: AccessClaims, call: ProvenCall): Promise<void> {
  if (claims.jkt === null) throw new AppError("token_invalid", "This token is bound to no key. Send it as Bearer.")
  if (!call.isDpop) {
    throw new AppError("token_invalid", "This token is bound to a key. Send it as `Authorization: DPoP` with a proof.")
  }
  if (call.proof === null) throw new AppError("dpop_proof_invalid", "Send a DPoP proof with this token.")
  const { pathname } = new URL(call.url)
  const { path } = core.resources.around(pathname)
  const url = `${core.resources.originOf(path)}${pathname}`
  const { method, token } = call
  const proof = await readProof(reader(core), { proof: call.proof, method, url, token })
  if (proof.jkt !== claims.jkt) throw new AppError("dpop_proof_invalid", "The DPoP proof is of another key.")
  proof.spend()
  if (proof.nextNonce !== null) call.onNonce?.(proof.nextNonce)
}

const reader = ({ nonces, wall }: Core) => ({ nonces, nowMs: wall.now() })
