// Every recorded answer of an upstream (`test/cases/gateway/up-*.http`): the caller's status and code, the charge, how the call ended, and
// what the operator reads of it. A new recording joins here, or this file fails.
import { expect, onTestFinished, test } from "bun:test"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { testCtx } from "../../store/index.ts"
import { ASK, addUpstream, books, chatAnswer, kit, last, spent, token, until } from "./testing.ts"
import { answerOf, httpOf, keepAliveServer, logged, startLogged } from "./upstream-testing.ts"

const CASES = join(import.meta.dir, "../../../test/cases/gateway")

interface Right {
  stream: boolean
  status: number
  /** Of the error, also of one in the stream. */
  code: string | null
  chargeNano: number
  end: string
  source: string
  /** Beside that of a model that names itself `m`. */
  log: string[]
  /** Status and code in the caller's own log, where they are not those of the answer. */
  row?: [status: number, code: string]
}
/** In full: 11 tokens of prompt where nobody reports, at 2,000 n$; a token out 4,000; read from the cache 1,000, written to it 2,500. */
const REPORTED = 100 * 2_000 + 20 * 4_000
const PROMPT = 11 * 2_000
const PLAIN: Right = {
  stream: true,
  status: 200,
  code: null,
  chargeNano: REPORTED,
  end: "done",
  source: "reported",
  log: [],
}
/** The caller's own fault stands in the caller's log of requests alone. */
const refused = (status: number, code: string): Right => ({
  ...PLAIN,
  stream: false,
  status,
  code,
  chargeNano: 0,
  end: "failed",
  source: "none",
})
const estimated = (chargeNano: number): Right => ({
  ...PLAIN,
  chargeNano,
  source: "estimated",
  log: ["gateway.usage_estimated"],
})
const whole = (right: Right): Right => ({ ...right, stream: false })
const reported = (chargeNano: number): Right => whole({ ...PLAIN, chargeNano })

const RIGHT: Record<string, Right> = {
  "up-audio-delta": estimated(PROMPT + 12 * 4_000),
  // The provider's own code goes to the caller, ours to the log.
  "up-cfilter": { ...refused(400, "content_filter"), row: [400, "provider_rejected"] },
  "up-ctx": { ...refused(400, "context_length_exceeded"), row: [400, "provider_rejected"] },
  "up-done-space": PLAIN,
  "up-e-detail": refused(400, "provider_rejected"),
  "up-e-gemini": refused(400, "provider_rejected"),
  "up-e-image404": refused(400, "provider_rejected"),
  "up-e-text": refused(400, "provider_rejected"),
  "up-empty-data": PLAIN,
  "up-err-detail": { ...refused(502, "provider_error"), stream: true, log: ["v1.failed"] },
  // Six pieces were said before it broke.
  "up-err-vllm": {
    ...estimated(PROMPT + 6 * 4_000),
    code: "provider_error",
    end: "failed",
    log: ["gateway.stream_broken"],
    row: [502, "provider_error"],
  },
  "up-image-hidden": estimated(PROMPT + 1_290 * 4_000),
  "up-json-for-stream": PLAIN,
  // Remembered, and asked once more without it; this one refuses again.
  "up-no-stream-options": { ...refused(400, "provider_rejected"), stream: true },
  "up-ping-event": PLAIN,
  "up-r429date": { ...refused(503, "provider_overloaded"), log: ["gateway.circuit_open", "v1.failed"] },
  "up-reason-hidden": { ...PLAIN, chargeNano: 100 * 2_000 + 20_000 * 4_000 },
  // 1,201 bytes of thinking.
  "up-reasoning-details": estimated(PROMPT + 301 * 4_000),
  // 2,503 bytes of it.
  "up-reasoning-nonstream": whole(estimated(PROMPT + 626 * 4_000)),
  "up-slow200": whole(PLAIN),
  "up-stale-keepalive": whole(PLAIN),
  "up-u-completion-missing": whole(estimated(100 * 2_000 + 3 * 4_000)),
  "up-u-deepseek": reported(80 * 2_000 + 1_920 * 1_000 + 20 * 4_000),
  "up-u-float": whole(estimated(100 * 2_000 + 3 * 4_000)),
  "up-u-gemini": reported(100 * 2_000 + 900 * 4_000),
  "up-u-litellm-anthropic": reported(100 * 2_000 + 1_000 * 1_000 + 900 * 2_500 + 20 * 4_000),
  "up-u-xai": reported(100 * 2_000 + 900 * 4_000),
}

/** With prices of their own for what is read from the cache, and written to it. */
const priceCache = () =>
  kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000, cacheRead: 500_000, cacheWrite: 1_250_000 },
  })

function recorded(name: string): Response {
  const answer = answerOf(name)
  // A date of the day of the recording.
  if (answer.headers.has("retry-after")) answer.headers.set("retry-after", new Date(Date.now() + 30_000).toUTCString())
  return answer
}

/** What is no answer but a way to give it. */
const WAYS: Record<string, () => Promise<string | undefined>> = {
  "up-slow200": async () => {
    kit.upstream.answer = async (body) => {
      await Bun.sleep(600)
      return chatAnswer(body)
    }
    return undefined
  },
  // The first call has its answer; the connection is reset under the second.
  "up-stale-keepalive": async () => {
    const upstream = await keepAliveServer(async (socket, nth) => {
      if (nth > 1) socket.resetAndDestroy()
      else socket.write(httpOf(await chatAnswer({ ...ASK }).text()))
    })
    onTestFinished(() => void upstream.stop())
    await addUpstream("stale", upstream.url)
    const model = "stale/mock-1"
    expect((await kit.post(token, { ...ASK, model })).status).toBe(200)
    return model
  },
}

test("every recording has its row", () => {
  const names = readdirSync(CASES).flatMap((name) => /^(up-.*?)(\.http)?\.note$/.exec(name)?.[1] ?? [])
  expect(Object.keys(RIGHT).sort()).toEqual(names.sort())
})

const codeIn = (text: string): string | null => /"(?:error_)?code":\s?"(\w+)"/.exec(text)?.[1] ?? null

for (const [name, right] of Object.entries(RIGHT)) {
  test(`${name}: status, charge and log`, async () => {
    await startLogged()
    await priceCache()
    kit.upstream.answer = () => recorded(name)
    const model = await WAYS[name]?.()
    const before = spent()
    const response = await kit.post(token, { ...ASK, ...(model ? { model } : {}), stream: right.stream })
    const text = await response.text()
    await until(() => kit.gateway.callsInFlight === 0)
    const { chargeNano, end, source, status, errorCode } = last()
    const log = logged.map(({ event }) => event).filter((event) => event !== "gateway.answer_not_as_asked")
    const found = { stream: right.stream, status: response.status, code: codeIn(text), chargeNano, end, source, log }
    const { row = [right.status, right.code], ...answered } = right
    expect(found as Right).toEqual(answered)
    expect([status, errorCode]).toEqual(row)
    expect(spent() - before).toBe(chargeNano)
    books()
  })
}
