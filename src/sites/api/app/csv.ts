// A page of an answer as a file; where more follows, a link says so (RFC 8288).
import { csvHeaders } from "../../../http/index.ts"

export function csvAnswer(text: string, filename: string, next: string | null = null): Response {
  return new Response(text, {
    headers: {
      ...csvHeaders(filename),
      ...(next === null ? {} : { link: `<${next}>; rel="next"` }),
    },
  })
}
