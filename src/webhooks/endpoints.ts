// Endpoints: added, changed, turned off and on, given a new secret, removed. Somebody else's is simply not there.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { SafeFetchError } from "../http/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { cleanEndpoint, storedTypes } from "./rules.ts"
import { addSecretIn } from "./secrets.ts"
import * as rows from "./store.ts"
import type { Endpoint, EndpointInput, WebhookDeps, WebhookOwner } from "./types.ts"

const kindOf = ({ client }: WebhookOwner) => (client ? "app" : "person")

export const endpointsOf = (reader: Reader, { userId, client }: WebhookOwner): Endpoint[] =>
  rows.endpointsOf(reader, userId, client?.id ?? null)

/** @throws AppError not_found */
export function endpointOf(reader: Reader, owner: WebhookOwner, publicId: string): Endpoint {
  const found = endpointsOf(reader, owner).find((one) => one.publicId === publicId)
  ensure(found, "not_found", "There is no such webhook endpoint.")
  return found
}

/** Outside of the write, for it asks for the name. @throws AppError validation_failed */
async function checkAddress({ safeCheck }: WebhookDeps, url: string): Promise<void> {
  try {
    await safeCheck(url)
  } catch (error) {
    if (!(error instanceof SafeFetchError)) throw error
    throw new AppError("validation_failed", error.message, { formErrors: { url: error.message } }, error.detail)
  }
}

/** @returns the endpoint, and its secret, which is in this answer alone */
export async function create(deps: WebhookDeps, ctx: WriteContext, owner: WebhookOwner, input: EndpointInput) {
  const clean = cleanEndpoint(input, kindOf(owner))
  const { userId, client } = owner
  await checkAddress(deps, clean.url)
  return await deps.store.write(ctx, (tx) => {
    const before = endpointsOf(tx, owner)
    ensure(before.length < L.endpointsMax, "conflict", `There may be ${L.endpointsMax} endpoints. Remove one first.`)
    const mode = client?.mode ?? input.mode ?? "live"
    const publicId = deps.ids.next("whe")
    const id = rows.insertEndpoint(tx, { publicId, userId, clientId: client?.id ?? null, mode, ...clean })
    const secret = addSecretIn(tx, deps.keyring, id)
    const endpoint = endpointOf(tx, owner, publicId)
    auditIn(tx, { action: "webhook.added", subject: publicId, after: told(endpoint) })
    return { endpoint, secret }
  })
}

export async function update(
  deps: WebhookDeps,
  ctx: WriteContext,
  owner: WebhookOwner,
  { publicId, ...input }: EndpointInput & { publicId: string },
): Promise<Endpoint> {
  const clean = cleanEndpoint(input, kindOf(owner))
  endpointOf(deps.store.read, owner, publicId)
  await checkAddress(deps, clean.url)
  return await deps.store.write(ctx, (tx) => {
    const before = endpointOf(tx, owner, publicId)
    rows.updateEndpoint(tx, before.id, clean)
    const after = endpointOf(tx, owner, publicId)
    auditIn(tx, { action: "webhook.changed", subject: publicId, before: told(before), after: told(after) })
    return after
  })
}

export function setOnIn(tx: Tx, owner: WebhookOwner, publicId: string, isOn: boolean): Endpoint {
  const before = endpointOf(tx, owner, publicId)
  if ((before.offBecause === null) === isOn) return before
  if (isOn) rows.setOn(tx, before.id)
  else rows.setOff(tx, before.id, "owner")
  auditIn(tx, { action: isOn ? "webhook.on" : "webhook.off", subject: publicId, after: { url: hostOf(before.url) } })
  return endpointOf(tx, owner, publicId)
}

export function rotateIn(deps: WebhookDeps, tx: Tx, owner: WebhookOwner, publicId: string): string {
  const endpoint = endpointOf(tx, owner, publicId)
  auditIn(tx, { action: "webhook.secret_rolled", subject: publicId, after: { url: hostOf(endpoint.url) } })
  return addSecretIn(tx, deps.keyring, endpoint.id)
}

export function removeIn(tx: Tx, owner: WebhookOwner, publicId: string): void {
  const endpoint = endpointOf(tx, owner, publicId)
  rows.markRemoved(tx, endpoint.id)
  auditIn(tx, { action: "webhook.removed", subject: publicId, before: told(endpoint) })
}

/** Without what follows the host: paths of receivers may be secrets of theirs. */
const hostOf = (url: string): string => new URL(url).host

const told = ({ url, mode, types, clientId }: Endpoint) => ({
  url: hostOf(url),
  mode,
  events: storedTypes(types),
  of: clientId === null ? "person" : "app",
})
