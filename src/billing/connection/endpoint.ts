// The endpoint that this server makes at the processor. Its signing secret is told once, when it is made: one that was made and whose
// secret was lost on the way is deleted and made anew.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { type EndpointFacts, EVENT_TYPES, type Processor } from "../stripe/index.ts"
import { saveSecretIn } from "./sealed.ts"
import { connectionRow, saveEndpoint } from "./store.ts"
import type { ConnectionDeps } from "./types.ts"

/** Where events are to be sent. */
export const wantedUrlOf = ({ baseUrl }: Pick<ConnectionDeps, "baseUrl">): string => `${baseUrl}/webhooks/stripe`

export const isRight = (one: EndpointFacts, url: string): boolean =>
  one.url === url && one.isEnabled && EVENT_TYPES.every((type) => one.events.includes(type) || one.events.includes("*"))

/** @throws ProcessorError; AppError conflict for one that was made by hand */
export async function connect(deps: ConnectionDeps, processor: Processor, ctx: WriteContext, key: string) {
  const { store, keyring } = deps
  const url = wantedUrlOf(deps)
  const all = await processor.endpoints()
  const known = all.find(({ id }) => id === connectionRow(store.read).endpointId)
  if (known) return await setRight(deps, processor, ctx, known)
  for (const one of all.filter((other) => other.url === url)) {
    if (!one.isMade) throw byHand(one)
    await processor.deleteEndpoint(one.id)
  }
  const { id, secret } = await processor.createEndpoint({ url, events: EVENT_TYPES }, key)
  await store.write(ctx, (tx) => {
    saveEndpoint(tx, { id, url })
    saveSecretIn(tx, keyring, "webhook_secret", secret)
    auditIn(tx, { action: "payments.webhook_made", subject: id, after: { url } })
  })
}

/** @returns whether anything was wrong */
export async function setRight(deps: ConnectionDeps, processor: Processor, ctx: WriteContext, known: EndpointFacts) {
  const url = wantedUrlOf(deps)
  if (isRight(known, url)) {
    if (connectionRow(deps.store.read).endpointFault !== null)
      await deps.store.write(ctx, (tx) => saveEndpoint(tx, { id: known.id, url }))
    return
  }
  await processor.changeEndpoint(known.id, { url, events: EVENT_TYPES })
  await deps.store.write(ctx, (tx) => {
    saveEndpoint(tx, { id: known.id, url })
    const before = { url: known.url, on: known.isEnabled, events: known.events.length }
    auditIn(tx, {
      action: "payments.webhook_set_right",
      subject: known.id,
      before,
      after: { url, on: true, events: EVENT_TYPES.length },
    })
  })
}

const byHand = ({ id }: EndpointFacts): AppError =>
  new AppError(
    "conflict",
    `Somebody made ${id} for this address by hand. Delete it at Stripe, or start the server with its signing secret in PURSER_STRIPE_WEBHOOK_SECRET.`,
  )
