// 3. A call with the person's credits, streamed through.
import OpenAI from "openai"
import { MODEL, PURSER_ISSUER, readSession, tokenOf } from "../../lib/purser.js"

export async function POST(request) {
  const session = await readSession()
  if (!session?.access) return new Response("Sign in first.", { status: 401 })
  const openai = new OpenAI({ baseURL: `${PURSER_ISSUER}/v1`, apiKey: await tokenOf(session) })
  const messages = [{ role: "user", content: `Write a haiku about ${(await request.text()).slice(0, 200)}.` }]
  try {
    const answer = await openai.chat.completions.create({ model: MODEL, max_tokens: 200, stream: true, messages })
    const encoder = new TextEncoder()
    const words = new ReadableStream({
      async start(controller) {
        for await (const chunk of answer) controller.enqueue(encoder.encode(chunk.choices[0]?.delta.content ?? ""))
        controller.close()
      },
      cancel: () => answer.controller.abort(),
    })
    return new Response(words, { headers: { "content-type": "text/plain; charset=utf-8" } })
  } catch (error) {
    // 402 and 429 have a sentence for the person.
    if (error instanceof OpenAI.APIError) return new Response(error.message, { status: error.status ?? 502 })
    throw error
  }
}
