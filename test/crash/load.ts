// Callers that never rest: streamed and unstreamed chat calls over HTTP. Keeps what the server acknowledged to each of them, the
// way a caller understands it, and nothing else.
import { parseCredits } from "../../src/app/index.ts"

export interface Answered {
  requestId: string
  stream: boolean
  chargedNano: number
}

export interface Promised {
  /** Calls whose end was received whole: the JSON document, or `[DONE]`. */
  answered: Answered[]
  /** Request ids of streams whose head was received: their hold is committed, whatever came after. */
  admitted: string[]
  /** Answers that no caller should get here. */
  unexpected: string[]
}

const WORKERS_PER_TOKEN = 2

/** Runs until the server dies or `stop`; `done` resolves when every caller has given up. */
export function startLoad(url: string, tokens: string[], promised: Promised): { stop(): void; done: Promise<unknown> } {
  const stopper = new AbortController()
  const callers = tokens.flatMap((token, index) =>
    Array.from({ length: WORKERS_PER_TOKEN }, (_, worker) => callForever(index + worker, token)),
  )
  async function callForever(offset: number, token: string): Promise<void> {
    for (let n = offset; !stopper.signal.aborted; n++) {
      try {
        await callOnce(url, token, n, promised, stopper.signal)
      } catch {
        return // The connection broke: what was not received whole was not promised.
      }
    }
  }
  return { stop: () => stopper.abort(), done: Promise.all(callers) }
}

async function callOnce(url: string, token: string, n: number, promised: Promised, signal: AbortSignal): Promise<void> {
  const stream = n % 3 !== 0
  const content = Array.from({ length: 3 + ((n * 7) % 40) }, (_, word) => `word${word}`).join(" ")
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", stream, messages: [{ role: "user", content }] }),
    signal,
  })
  const requestId = response.headers.get("x-request-id") ?? ""
  if (response.status !== 200) {
    promised.unexpected.push(`${response.status} ${await response.text()}`)
    return
  }
  if (stream) promised.admitted.push(requestId)
  const text = await response.text()
  if (!stream) {
    JSON.parse(text)
    const chargedNano = parseCredits(response.headers.get("x-credits-charged") ?? "") ?? -1
    promised.answered.push({ requestId, stream, chargedNano })
    return
  }
  const charged = /^: charged (\d+) remaining \d+$/m.exec(text)
  if (charged && text.endsWith("data: [DONE]\n\n")) {
    promised.answered.push({ requestId, stream, chargedNano: Number(charged[1]) })
  } else promised.unexpected.push(`stream without its end: ${text.slice(-200)}`)
}
