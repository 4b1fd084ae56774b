// The body of a call that is judged before it is let through: read whole, within its product's limit and the server's budget; then what
// its endpoint accepts, where the publisher wants that.
import { AppError } from "../../../app/index.ts"
import { BodyReadError, contextOf, readBounded } from "../../../http/index.ts"
import type { Wanted } from "../admit.ts"
import type { Asked } from "../asked.ts"
import type { CallsCore } from "../core.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import { parametersOf } from "../store.ts"
import { problemOf } from "./fits.ts"

/** @returns null = it has none. @throws AppError body_too_large, body_timeout, invalid_request */
export async function checkedBody(
  { store }: Pick<CallsCore, "store">,
  request: Request,
  asked: Asked,
  { endpoint, product, key, values }: Wanted,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const max = Math.min(product.bodyBytesMax, endpoint.validates === 1 ? L.checkedBodyBytesMax : L.signedBodyBytesMax)
  const bytes = asked.hasBody ? await whole(request, max, key.publicId) : null
  if (endpoint.validates === 0) return bytes
  const problem = problemOf({
    parameters: parametersOf(store.read, endpoint.id),
    bodySchema: endpoint.bodySchema,
    bodyType: endpoint.bodyType,
    values,
    query: asked.query,
    headers: request.headers,
    bytes,
  })
  if (problem) throw new AppError("invalid_request", problem.words, { param: problem.param })
  return bytes
}

async function whole(request: Request, max: number, owner: string): Promise<Uint8Array<ArrayBuffer>> {
  const context = contextOf(request)
  context.seat?.release()
  const seat = context.bodies?.open(`product:${owner}`) ?? null
  context.seat = seat
  try {
    return await readBounded(request.body, max, { deadlineMs: L.gapMs, onBytes: (count) => seat?.add(count) })
  } catch (error) {
    if (!(error instanceof BodyReadError)) throw error
    if (error.why === "too_large")
      throw new AppError("body_too_large", `This endpoint takes bodies of up to ${max} bytes. Send less.`)
    if (error.why === "too_slow")
      throw new AppError("body_timeout", "The body took too long to arrive. Send it again, or send less.")
    throw new AppError("invalid_request", "The body did not arrive whole. Send it again.", {}, error.cause)
  } finally {
    seat?.arrived()
  }
}
