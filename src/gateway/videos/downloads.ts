// A few downloads of one person at once, counted until the last byte was taken.
import { AppError } from "../../app/index.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"

export class Downloads {
  private readonly running = new Map<number, number>()

  /** @throws AppError rate_limit_exceeded */
  async within(userId: number, open: (done: () => void) => Promise<Response>): Promise<Response> {
    const count = this.running.get(userId) ?? 0
    if (count >= L.downloadsMax) {
      const words = `${L.downloadsMax} downloads are running. Wait until one is done.`
      throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds: 5 })
    }
    this.running.set(userId, count + 1)
    let isDone = false
    const done = () => {
      if (isDone) return
      isDone = true
      const left = (this.running.get(userId) ?? 1) - 1
      if (left > 0) this.running.set(userId, left)
      else this.running.delete(userId)
    }
    try {
      return await open(done)
    } catch (error) {
      done()
      throw error
    }
  }
}

/** @param done called when its last byte was taken, or nobody takes any more */
export function ending(answer: Response, done: () => void): Response {
  if (!answer.body) {
    done()
    return answer
  }
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(to) {
        try {
          const { done: isOver, value } = await reader.read()
          if (!isOver) return to.enqueue(value)
          done()
          to.close()
        } catch (error) {
          done()
          to.error(error)
        }
      },
      cancel(reason) {
        done()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { status: answer.status, headers: answer.headers })
}
