// /admin/books.jsonl: the books as `purser ledger export` writes them, in portions that the read Worker makes of one moment, one asked
// for when the client has taken the last.
import { AppError, LIMITS } from "../../app/index.ts"
import { EXPORT_BOOKS } from "../../ledger/index.ts"
import type { ReadWorker } from "../../store/index.ts"

/** @returns what makes the answer, @throws AppError `overloaded` while enough of them run */
export function booksExport(exports: Pick<ReadWorker, "stream">): (day: string) => Response {
  let running = 0
  return (day) => {
    if (running >= LIMITS.bookExportsMax)
      throw new AppError("rate_limit_exceeded", "Exports of the books are running already. Wait until one is done.", {
        retryAfterSeconds: 60,
      })
    const pieces = exports.stream<string>(EXPORT_BOOKS)
    const encoder = new TextEncoder()
    let isOver = false
    const over = () => {
      if (!isOver) running--
      isOver = true
    }
    running++
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await pieces.next()
            if (!done) return controller.enqueue(encoder.encode(value))
            over()
            controller.close()
          } catch (error) {
            over()
            throw error
          }
        },
        async cancel() {
          over()
          await pieces.return(undefined)
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, {
      headers: {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": `attachment; filename="purser-books-${day}.jsonl"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      },
    })
  }
}
