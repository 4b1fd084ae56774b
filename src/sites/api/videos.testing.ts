// For tests of videos only: an app, a provider that makes none, and what a person pays.
import OpenAI from "openai"
import { credits } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { kit, start, type V1Options } from "./testing.ts"
import type { App } from "./v1-testing.ts"
import { playOpenai } from "./video-upstream.testing.ts"

export let far: ReturnType<typeof playOpenai>
export let apiKey = ""
export let filming: App
export let client: OpenAI
export const clientOf = (key: string) => new OpenAI({ apiKey: key, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })

/** @param balance of person 1 */
export async function open(options: V1Options = {}): Promise<void> {
  await start({ balance: START, ...options })
  far = playOpenai(() => kit.clock.now())
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "far",
    baseUrl: far.baseUrl,
    apiKey: "sk-far",
    priceProvider: "openai",
    models: ["sora-2", "sora-2-pro", "gpt-4o"],
  })
  filming = await kit.app()
  await signIn()
}

/** Tokens last an hour. */
export async function signIn(): Promise<void> {
  apiKey = await filming.token(1, { scope: "openid video-generation" })
  client = clientOf(apiKey)
}

/** What a call fails with; null where it does not. */
export const failed = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(
    call.then(
      () => null,
      (error: unknown) => error,
    ),
  )

export const raw = (path: string, init: RequestInit = {}, key = apiKey) =>
  fetch(`${kit.server.url}/v1/videos${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      ...(typeof init.body === "string" ? { "content-type": "application/json" } : {}),
      ...init.headers,
    },
  })
export const post = (body: object, headers: Record<string, string> = {}, path = "") =>
  raw(path, { method: "POST", body: JSON.stringify(body), headers })

/** $ as a person pays them through an app: doubled by the shares. n$ */
export const paid = (dollars: number) => Math.round(dollars * 2e9)
export const ASK = { model: "sora-2", prompt: "a ship comes in", seconds: "4", size: "1280x720" } as const
export const PRICE = paid(0.4)
export const START = credits(50_000)
export const gone = () => START - kit.balance()
export const charges = () =>
  kit.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM v_charges WHERE route_id IS NOT NULL")!.n
/** Later than anybody was looked after. */
export const wait = (ms = 5_000) => kit.clock.advance(ms)
