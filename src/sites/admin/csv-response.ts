// A file of a list, portion by portion as the read Worker makes them, one asked for when the client has taken the last: memory stays
// flat however long the list and however slow the reader. A portion that fails breaks the download off, so that half a file never looks
// whole.
import { csvHeaders } from "../../http/index.ts"

const encoder = new TextEncoder()

/** @param portions of text, heads included */
export function csvResponse(portions: AsyncGenerator<string>, filename: string): Response {
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await portions.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await portions.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers: csvHeaders(filename) })
}
