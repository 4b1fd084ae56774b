// A page of an answer as a file; where more follows, a link says so (RFC 8288).
export function csvAnswer(text: string, filename: string, next: string | null = null): Response {
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${filename}"`,
      "x-content-type-options": "nosniff",
      ...(next === null ? {} : { link: `<${next}>; rel="next"` }),
    },
  })
}
