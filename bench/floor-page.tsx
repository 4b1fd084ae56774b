// The floor of the pages benchmark: bare Elysia and kita, one page of about as many bytes, no session, no database, no layout.
import { Elysia } from "elysia"

const ROW = "Storyteller · gpt-5-mini · 812 in, 204 out · 1.9 credits"

function FloorPage({ rows }: { rows: number }): JSX.Element {
  return (
    <html lang="en">
      <head>
        <title>Floor</title>
      </head>
      <body>
        <ul>
          {Array.from({ length: rows }, (_, index) => (
            <li class="movement">
              <span class="words">{ROW}</span>
              <b>{index}</b>
            </li>
          ))}
        </ul>
      </body>
    </html>
  )
}

const page = (rows: number): string => FloorPage({ rows }) as string
const rowBytes = (): number => (page(1_000).length - page(0).length) / 1_000

/** Serves `/bytes/<n>`: a page of about n bytes, rendered for each request. */
export function startFloor(): number {
  const each = rowBytes()
  const app = new Elysia().get("/bytes/:bytes", ({ params }) => {
    const rows = Math.max(1, Math.round(Number(params.bytes) / each))
    return new Response(`<!doctype html>${page(rows)}`, { headers: { "content-type": "text/html; charset=utf-8" } })
  })
  return Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch }).port!
}
