// Who calls, as the publisher's server may believe it: signed with the product's own secret, so that it can refuse whoever comes past the
// gateway. The subscriber is a pseudonym, the same for all products of one publisher and another for each publisher.
import { type Keyring, Lru } from "../../../app/index.ts"
import type { SealedColumn } from "../../../part/index.ts"
import { SEALED_SIGNING, SEALED_UPSTREAM } from "../../catalog/sealed.ts"
import type { Admitted } from "../admit.ts"
import type { Asked } from "../asked.ts"
import type { CallsCore } from "../core.ts"
import type { ProductOffered } from "../offer.ts"
import { VIA } from "./headers.ts"

/** Signers by the blob of their secret, each with its key set: setting it costs as much as signing. Each signature is made by a copy. */
const signers = new Lru<Bun.CryptoHasher>(2_000)

function sign(keyring: Pick<Keyring, "open">, { publicId, signingSecret }: ProductOffered, text: string): string {
  let signer = signers.get(signingSecret)
  if (!signer) {
    signer = new Bun.CryptoHasher("sha256", open(keyring, SEALED_SIGNING, publicId, signingSecret))
    signers.set(signingSecret, signer)
  }
  return signer.copy().update(text).digest("hex")
}

/** Opened secrets by their blob: opening costs as much as the rest of a small call. */
const opened = new Lru<string>(2_000)

function open(keyring: Pick<Keyring, "open">, { purpose, place }: SealedColumn, id: string, blob: string): string {
  const known = opened.get(blob)
  if (known !== undefined) return known
  const plain = keyring.open(purpose, place(id), blob)
  opened.set(blob, plain)
  return plain
}

const subscriberOf = (keyring: Pick<Keyring, "hmac">, publisherId: number, userId: number): string =>
  `sub_${keyring.hmac("product-subscriber", `${publisherId}:${userId}`).slice(0, 24)}`

/** Pseudonyms of those who call: made once, for they never change. */
const pseudonyms = new Lru<string>(20_000)

/** What is signed, line by line. */
const identityText = (of: {
  timestamp: string
  method: string
  path: string
  requestId: string
  subscriber: string
  plan: string
}): string => [of.timestamp, of.method, of.path, of.requestId, of.subscriber, of.plan].join("\n")

export function identityHeaders(
  { keyring, clock }: Pick<CallsCore, "keyring" | "clock">,
  asked: Asked,
  { product, subscription, endpoint, planName }: Admitted,
): [string, string][] {
  const timestamp = String(Math.floor(clock.now() / 1_000))
  const subscriber = knownSubscriber(keyring, product.publisherId, subscription.userId)
  const { method, requestId } = asked
  const plan = encodeURIComponent(planName)
  const text = identityText({ timestamp, method, path: `${asked.path}${asked.query}`, requestId, subscriber, plan })
  const headers: [string, string][] = [
    ["x-request-id", requestId],
    ["x-gateway-product", product.publicId],
    ["x-gateway-endpoint", endpoint.publicId],
    ["x-gateway-subscriber", subscriber],
    ["x-gateway-plan", plan],
    ["x-gateway-timestamp", timestamp],
    ["x-gateway-signature", `v1=${sign(keyring, product, text)}`],
    ["via", VIA],
  ]
  const { upstreamHeader, upstreamSecret } = product
  if (upstreamHeader !== null && upstreamSecret !== null)
    headers.push([upstreamHeader, open(keyring, SEALED_UPSTREAM, product.publicId, upstreamSecret)])
  return headers
}

function knownSubscriber(keyring: Pick<Keyring, "hmac">, publisherId: number, userId: number): string {
  const name = `${publisherId}:${userId}`
  const known = pseudonyms.get(name)
  if (known !== undefined) return known
  const made = subscriberOf(keyring, publisherId, userId)
  pseudonyms.set(name, made)
  return made
}
