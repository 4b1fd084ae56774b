// What a call of a product cannot be without: somebody who forwards it, headers and bytes both ways, and one counter that is durable before it
// leaves. Knows no keys, no plans, no log. The bare proxy keeps nothing at all.
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { answerWords } from "../gateway/control.ts"
import { say } from "../measure.ts"

/** The publisher's server of every part. */
export async function upstream(): Promise<void> {
  const body = JSON.stringify({
    city: "Berlin",
    temperature: 21.5,
    wind: { speed: 12, from: "NW" },
    note: "x".repeat(100),
  })
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(body, { headers: { "content-type": "application/json" } }),
  })
  say({ port: server.port })
  await answerWords()
  say({ stopped: true })
  process.exit(0)
}

const forwarded = async (upstreamUrl: string, request: Request): Promise<Response> => {
  const at = request.url.indexOf("/w/")
  // Its own key goes no further, and each hop has a Host and a length of its own; all else passes.
  const { host: _host, authorization: _key, ...headers } = request.headers.toJSON()
  const response = await fetch(upstreamUrl + request.url.slice(at), { headers, decompress: false, redirect: "manual" })
  const { "content-length": _length, date: _date, ...answered } = response.headers.toJSON()
  return new Response(await response.arrayBuffer(), { status: response.status, headers: answered })
}

export async function bare(upstreamUrl: string): Promise<void> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => forwarded(upstreamUrl, request) })
  say({ port: server.port })
  await answerWords()
  say({ stopped: true })
  process.exit(0)
}

/** One row a subscription, one commit for all calls of a turn; the call leaves once it is durable. */
export async function counting(upstreamUrl: string, folder: string): Promise<void> {
  const db = new Database(join(folder, "floor.db"))
  db.run("PRAGMA journal_mode = WAL")
  db.run("PRAGMA synchronous = FULL")
  db.run("CREATE TABLE used (id INTEGER PRIMARY KEY, units INTEGER NOT NULL) STRICT")
  db.run("INSERT INTO used VALUES (1, 0)")
  const add = db.prepare("UPDATE used SET units = units + 1 WHERE id = 1")
  let waiting: (() => void)[] = []
  const commit = () => {
    const all = waiting
    waiting = []
    db.run("BEGIN IMMEDIATE")
    for (const _ of all) add.run()
    db.run("COMMIT")
    for (const go of all) go()
  }
  const counted = () =>
    new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(commit)
    })
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      await counted()
      return forwarded(upstreamUrl, request)
    },
  })
  say({ port: server.port })
  await answerWords({ used: () => db.query("SELECT units AS used FROM used").get() as object })
  say({ stopped: true })
  process.exit(0)
}
