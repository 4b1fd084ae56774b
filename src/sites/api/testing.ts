// For tests of /v1 only: what they stand on, and one call that they all know.
import { expect, onTestFinished } from "bun:test"
import { credits, PrincipalId, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { USAGE } from "./mock-upstream.ts"
import { type App, IN_NANO, OUT_NANO, openV1, type V1Kit, type V1Options } from "./v1-testing.ts"

export { until } from "../../../test/eventually.ts"

export * from "./mock-upstream.ts"
export * from "./v1-testing.ts"

/** A call that the mock answers, and what its report costs there. */
export const ASK = { model: "mock-1", messages: [{ role: "user", content: "hi" }] }
export const COST = USAGE.prompt_tokens * IN_NANO + USAGE.completion_tokens * OUT_NANO

/** Of one test, by `start`: the server, an app, and a token of person 1 there. The end of the test closes it. */
export let kit: V1Kit
export let app: App
export let token: string

export async function start(options: V1Options = {}): Promise<void> {
  const opened = await openV1(options)
  onTestFinished(() => opened.close())
  kit = opened
  app = await kit.app()
  token = await app.token()
}

/** The last call of person 1, what was paid of the first 1,000 credits, and that the books are in order. */
export const last = () => kit.usage.recent(UserId(1), 1)[0]!
export const spent = () => credits(1_000) - kit.balance()
export const books = () => expect(kit.ledger.verify().checks.filter((check) => check.violations > 0)).toEqual([])

/** For calls of apps in test mode: 1,000 credits of person 1. */
export const grantTestCredits = () =>
  kit.write((tx) =>
    kit.ledger.grantIn(tx, {
      owner: { kind: "principal", id: PrincipalId(1) },
      mode: "test",
      type: "topup",
      bucket: "purchase",
      amountNano: credits(1_000),
      paid: true,
      key: "test credits",
    }),
  )

/** Another server that offers `mock-1`, under this name. */
export const addUpstream = (name: string, baseUrl: string, apiKey = "") =>
  kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name,
    baseUrl,
    apiKey,
    priceProvider: "openai",
    models: ["mock-1"],
  })

/** Closes every circuit, where a test is about single answers: an operator who turns an account on has a reason to. */
export async function rested(): Promise<void> {
  const on = kit.gateway.upstreams().filter(({ enabled }) => enabled)
  for (const { publicId } of on) await kit.gateway.enableUpstream(testCtx, publicId, true)
}

/** A body as a form, `file` and `image` as files. */
export function formOf(body: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(body)) {
    form.append(name, name === "file" || name === "image" ? new File([String(value)], "a.wav") : String(value))
  }
  return form
}
