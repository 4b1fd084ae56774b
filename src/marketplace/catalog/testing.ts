// A catalogue over a real database for tests: virtual clock, who is a developer and what is on the network by hand.
import {
  AppError,
  createIds,
  createKeyring,
  PrincipalId,
  silentLog,
  type UserId,
  VirtualClock,
} from "../../app/index.ts"
import { type SafeFetch, SafeFetchError } from "../../http/index.ts"
import { createSettings } from "../../settings/index.ts"
import { insertRow, openTestStore, type Tx, testCtx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { marketplacePart } from "../part.ts"
import { marketPlans } from "../tables.ts"
import { createCatalog } from "./index.ts"

export const ADA = PrincipalId(1)
export const BOB = PrincipalId(2)
export const STRANGER = PrincipalId(9)

export async function openCatalog() {
  const clock = new VirtualClock()
  const opened = await openTestStore({ clock })
  const { store } = opened
  const suspended = new Set<number>()
  const mailed: { to: string; kind: string; data: unknown }[] = []
  const queued: { topic: string; payload: unknown }[] = []
  const net = { files: new Map<string, string>(), txt: new Map<string, string[][]>(), asked: [] as string[] }
  const requireDeveloperIn = (_: Tx, userId: UserId) => {
    if (suspended.has(userId)) throw new AppError("account_suspended", "suspended")
    if (userId === STRANGER) throw new AppError("forbidden", "Accept the developer agreement first.")
  }
  const safeFetch: SafeFetch = async (url) => {
    net.asked.push(url)
    const text = net.files.get(url)
    if (text === undefined) throw new SafeFetchError("unresolved")
    return { status: 200, headers: new Headers(), bytes: Buffer.from(text), text: () => text }
  }
  const reads = {
    ask: async <T>(name: string, input?: unknown) =>
      structuredClone(marketplacePart.reads![name]!(store.read as never, structuredClone(input))) as T,
  }
  const settings = createSettings({ store, settings: marketplacePart.settings ?? [] })
  const people = {
    userById: (id: UserId) => ({ id, email: `person${id}@example.com` }),
    isSuspended: (id: UserId) => suspended.has(id),
  }
  const deps = {
    store,
    clock,
    reads,
    settings,
    safeFetch,
    ids: createIds(clock),
    keyring: createKeyring(Buffer.alloc(32, 7)),
    log: silentLog,
    developers: { requireDeveloperIn },
    identity: people,
    makers: people,
    outbox: { enqueueIn: (_: Tx, message: { topic: string; payload: unknown }) => void queued.push(message) },
    mails: {
      queueIn: (_: Tx, letter: { kind: string }, mail: { to: string; data: unknown }) =>
        void mailed.push({ to: mail.to, kind: letter.kind, data: mail.data }),
    },
    consoleUrl: "https://purser.example",
    publishedAt: "https://api.purser.example/m",
  } as unknown as MarketplaceDeps
  const dns = {
    resolveTxt: async (name: string) => net.txt.get(name) ?? Promise.reject(new Error("ENOTFOUND")),
  }
  const catalog = createCatalog(deps, dns)
  const write = <T>(verb: (tx: Tx) => T) => store.write(testCtx, verb as never) as Promise<T>
  return { ...opened, clock, catalog, settings, deps, write, net, mailed, queued, suspended, close: opened.close }
}

export type OpenCatalog = Awaited<ReturnType<typeof openCatalog>>

/** Ada's draft, with an endpoint and a plan, at a server that she proved. */
export async function readyProduct({ catalog, write }: OpenCatalog, ownerId = ADA, name = "Weather") {
  return write((tx) => {
    if (!catalog.publisherOf(ownerId))
      catalog.becomePublisherIn(tx, { ownerId, slug: `publisher-${ownerId}`, name: `Publisher ${ownerId}` })
    const product = catalog.createProductIn(tx, { ownerId, title: name, upstreamUrl: "https://api.example.com/v1" })
    const mine = { ownerId, productPublicId: product.publicId }
    const endpoint = catalog.saveEndpointIn(tx, { ...mine, method: "GET", path: "/now", title: "Now" })
    const planId = addPlan(tx, product.id, 0, "Free")
    catalog.vouchForHostIn(tx, mine)
    return { product, mine, endpoint, planId }
  })
}

export const addPlan = (tx: Tx, productId: number, rank: number, name: string): number =>
  insertRow(tx, marketPlans, {
    publicId: `mpl_${productId}_${rank}`,
    productId,
    rank,
    name,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
