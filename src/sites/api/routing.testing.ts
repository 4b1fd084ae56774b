// For the tests of routing only: more accounts of the model, what they refuse with, and what was tried.
import { onTestFinished } from "bun:test"
import { testCtx } from "../../store/index.ts"
import { ASK, addUpstream, kit, MockUpstream } from "./testing.ts"

export const WORDS = { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }
export const STREAM = { ...ASK, stream: true }
export const busy = (headers: Record<string, string> = {}) => new Response("later", { status: 429, headers })
export const attempts = () =>
  kit.store.read.all<{ name: string; outcome: string; status: number | null }>(
    `SELECT u.name AS name, a.outcome AS outcome, a.status AS status
     FROM call_attempts a JOIN upstreams u ON u.id = a.upstream_id ORDER BY a.id`,
  )

/** Another account of `mock-1`. */
export async function second(name = "second", url?: string) {
  const upstream = new MockUpstream()
  onTestFinished(() => void upstream.stop())
  const { publicId } = await addUpstream(name, url ?? upstream.url)
  return { upstream, publicId }
}
export const idOf = (name: string) => kit.gateway.upstreams().find((one) => one.name === name)!.publicId
export const setRouting = (name: string, more: object) => {
  const { publicId, routing } = kit.gateway.upstreams().find((one) => one.name === name)!
  return kit.gateway.setRouting(testCtx, publicId, { ...routing, ...more })
}
