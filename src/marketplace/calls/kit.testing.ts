// For tests of what calls use and cost: the real verbs over a real database, with a publisher's server that is a function.

import { expect } from "bun:test"
import {
  AppError,
  createIds,
  createKeyring,
  nano,
  PrincipalId,
  randomSecret,
  silentLog,
  UserId,
  VirtualClock,
} from "../../app/index.ts"
import { billingPart } from "../../billing/index.ts"
import { BRAND } from "../../brand/index.ts"
import { createGateway } from "../../gateway/index.ts"
import { ForwardError, type SafeForward } from "../../http/index.ts"
import { createLedger, principal } from "../../ledger/index.ts"
import { createLimits } from "../../limits/index.ts"
import { createPricing } from "../../pricing/index.ts"
import { createSettings } from "../../settings/index.ts"
import { openTestStore, type Tx, testCtx } from "../../store/index.ts"
import { createUsage } from "../../usage/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { marketplacePart } from "../part.ts"
import { createCalls } from "./index.ts"
import { subscriptionById } from "./store.ts"
import { type MadeProduct, type PlanGiven, type ProductGiven, productIn, subscribeIn, termsIn } from "./testing.ts"

export interface Subscribing extends Partial<Pick<ProductGiven, "endpoints" | "upstreamUrl" | "product">> {
  plan?: PlanGiven
  plans?: PlanGiven[]
  keys?: number
  paidNano?: number
  promoNano?: number
}

interface Sent {
  url: string
  method: string
  headers: [string, string][]
}

export class CallsKit {
  calls: ReturnType<typeof createCalls>
  readonly echo: { got: Sent[]; answer: (sent: Sent) => Response | Promise<Response> } = {
    got: [],
    answer: () => new Response("ok"),
  }
  readonly mails: { kind: string; to: string; data: unknown }[] = []
  readonly suspended = new Set<number>()
  /** Whoever is asked about these breaks. */
  readonly broken = new Set<number>()
  private people = 10

  constructor(
    private readonly opened: Awaited<ReturnType<typeof openTestStore>>,
    readonly clock: VirtualClock,
    private readonly deps: MarketplaceDeps,
  ) {
    this.calls = createCalls(deps)
  }

  readonly write = <T>(body: (tx: Tx) => T): Promise<T> => this.opened.store.write(testCtx, body as never) as Promise<T>

  /** Somebody new publishes, and somebody new subscribes, with so many keys. */
  async subscribed(given: Subscribing = {}) {
    const [ownerId, userId] = [++this.people, ++this.people]
    const { keys: count = 1, plans = [given.plan ?? {}] } = given
    const made = await this.write((tx) => {
      const product = productIn(tx, this.deps.keyring, {
        ownerId,
        upstreamUrl: given.upstreamUrl ?? "https://api.example.com",
        plans,
        endpoints: given.endpoints ?? [{ path: "/a" }],
        ...(given.product ? { product: given.product } : {}),
      })
      const subscription = subscribeIn(tx, product, userId)
      const keys = Array.from({ length: count }, (_, at) =>
        this.calls.issueKeyIn(tx, { subscriptionId: subscription, userId: UserId(userId), name: `Key ${at}` }),
      )
      return { product, subscription, issued: keys, keys: keys.map(({ secret }) => secret), ownerId, userId }
    })
    for (const key of made.keys) this.productOf.set(key, made.product)
    if (given.paidNano) await this.grant(userId, given.paidNano, true)
    if (given.promoNano) await this.grant(userId, given.promoNano, false)
    return made
  }

  private readonly productOf = new Map<string, MadeProduct>()
  private lastProduct: MadeProduct | null = null

  call(secret: string, path = "/a", init: RequestInit = {}): Promise<Response> {
    this.lastProduct = this.productOf.get(secret) ?? this.lastProduct
    const { publisher, slug } = this.productOf.get(secret) ?? this.lastProduct!
    const headers = { authorization: `Bearer ${secret}`, ...(init.headers as Record<string, string>) }
    return this.calls.forward(new Request(`http://localhost/m/${publisher}/${slug}${path}`, { ...init, headers }))
  }

  async grant(userId: number, amountNano: number, paid: boolean): Promise<void> {
    const { ledger } = this.deps
    const kind = paid ? ({ type: "topup", bucket: "purchase" } as const) : ({ type: "bonus", bucket: "bonus" } as const)
    await this.write((tx) =>
      ledger.grantIn(tx, {
        owner: principal(PrincipalId(userId)),
        mode: "live",
        ...kind,
        amountNano: nano(amountNano),
        paid,
        key: `test:${randomSecret(8)}`,
      }),
    )
  }

  quotaOf(subscription: number) {
    return this.calls.quotaOf(subscriptionById(this.opened.store.read, subscription)!)
  }
  overagesOf(subscription: number) {
    return this.opened.store.read.all(
      "SELECT units, nano, commission_nano AS commissionNano FROM market_overages WHERE subscription_id = ?",
      subscription,
    )
  }
  changeTerms(subscription: number, plan: PlanGiven): Promise<void> {
    return this.write((tx) => {
      const { planId } = subscriptionById(tx, subscription)!
      tx.run("UPDATE market_subscriptions SET terms_id = ? WHERE id = ?", termsIn(tx, planId, plan), subscription)
    })
  }
  all<R>(sql: string, ...params: (string | number)[]): R[] {
    return this.opened.store.read.all<R>(sql, ...params)
  }

  spentBy(userId: number): number {
    return this.sum("SELECT SUM(collected_nano) AS n FROM v_charges WHERE caller_id = ?", userId)
  }
  earnedBy(ownerId: number): number {
    return this.sum("SELECT SUM(earned_nano) AS n FROM v_charges WHERE developer_id = ?", ownerId)
  }
  private sum(sql: string, id: number): number {
    return this.opened.store.read.get<{ n: number | null }>(sql, id)?.n ?? 0
  }
  verifyBooks(): void {
    expect(this.deps.ledger.verify().checks.filter((check) => check.violations > 0)).toEqual([])
  }

  /** Calls have ended, and what they owe is written. */
  async settled(): Promise<void> {
    await this.calls.drain(5_000)
    await this.write(() => {})
    await this.calls.flush()
  }
  /** All that was in memory is gone. */
  restart(): void {
    this.calls = createCalls(this.deps)
  }
  async close(): Promise<void> {
    await this.calls.stop()
    await this.opened.close()
  }
}

export async function openCalls(): Promise<CallsKit> {
  const clock = new VirtualClock(Date.UTC(2026, 2, 4, 9, 30, 20, 100))
  const opened = await openTestStore({ clock })
  const { store } = opened
  const ids = createIds(clock)
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const ledger = createLedger({ store, clock, ids, bootId: "boot_1" })
  const usage = createUsage({ store, log: silentLog })
  const pricing = createPricing({ store, clock })
  const limits = createLimits({ store, clock, ids, log: silentLog })
  const house = { store, clock, ids, keyring, log: silentLog, ledger, usage, pricing, limits }
  const gateway = createGateway({ ...house, baseUrl: "http://localhost", apiUrl: "http://localhost" } as never)
  let kit: CallsKit | null = null
  const identity = {
    userById: (id: number) => ({ id, email: `p${id}@example.com` }),
    requireActiveIn(_: Tx, id: number) {
      if (kit!.broken.has(id)) throw new TypeError("nobody thought of this")
      if (kit!.suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
      return { emailVerified: true }
    },
  }
  const teams = {
    nameOf: () => null,
    maySpend: () => true,
    areKinIn: () => false,
    circleOf: (_: unknown, id: UserId) => [id],
  }
  const safeForward: SafeForward = async (url, { method, headers }) => {
    if (url.startsWith("http://127.0.0.1:1/")) throw new ForwardError("unreachable", false)
    const sent = { url, method, headers }
    kit!.echo.got.push(sent)
    return kit!.echo.answer(sent)
  }
  const mails = {
    queueIn: (_: Tx, { kind }: { kind: string }, { to, data }: { to: string; data: unknown }) =>
      void kit!.mails.push({ kind, to, data }),
  }
  const settings = createSettings({
    store,
    settings: [...(marketplacePart.settings ?? []), ...(billingPart.settings ?? []), BRAND.name],
  })
  const publishedAt = "http://localhost/m"
  kit = new CallsKit(opened, clock, {
    ...house,
    gateway,
    identity,
    makers: identity,
    teams,
    safeForward,
    mails,
    settings,
    publishedAt,
  } as never)
  return kit
}

/** An answer, read: its code where it is a refusal. */
export async function told(answer: Response) {
  const text = await answer.text()
  const body = answer.status < 400 ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: answer.status, code: body.code as string | undefined, body, text, headers: answer.headers }
}

export const codeOf = async (answer: Promise<Response>): Promise<string> => {
  const { status, code } = await told(await answer)
  return code === undefined ? String(status) : `${status} ${code}`
}
