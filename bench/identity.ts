// Signing in: logins with a page asked for beside them, codes and refresh tokens for tokens, userinfo; each against what it cannot be
// without (argon2id, RS256, SHA-256, a durable write) in the same run; and whether the time of a login tells who is known. `--quick` runs about 2 %.
import { readFileSync } from "node:fs"
import { type Floors, floors } from "./identity/floor.ts"
import { fileOf, type Sizes, server } from "./identity/server.ts"
import { type Load, load, once, part, turns } from "./kit.ts"
import { inFolder, machine, two } from "./measure.ts"

export interface IdentityBenchResult {
  bench: "identity"
  /** Of its floor, the worst of logins, exchanges and refreshes. */
  ratio: number
  ratios: Record<string, number>
  logins_per_s: number
  /** Another page during the logins. */
  page_p99_ms: number
  page_idle_p99_ms: number
  exchanges_per_s: number
  refreshes_per_s: number
  userinfo_per_s: number
  p99_ms: Record<string, number>
  floors: Floors
  /** 0.5 = the time of a refused login tells nothing of whether there is such a person. */
  auc: number
  known_ms: number
  unknown_ms: number
  cpus: number
  fsync_ms: number
}

const SENDERS = 16
/** RS256 signatures of an answer: access token and ID token. */
const SIGNS = 2

const FULL: Sizes = { each: 1_500, people: 50, logins: 200, timed: 100 }
const QUICK: Sizes = { each: 20, people: 4, logins: 8, timed: 4 }

export const run = (options: { quick?: boolean; print?: (line: string) => void } = {}): Promise<IdentityBenchResult> =>
  inFolder(async (folder) => {
    const print = options.print ?? console.log
    const sizes = options.quick ? QUICK : FULL
    const { cpus, fsync_ms, line } = machine(folder)
    print(line)
    const ours = await part<{ port: number }, unknown>(import.meta.path, "server", folder, JSON.stringify(sizes))
    const { port } = ours.first
    const requests = (kind: string) =>
      (JSON.parse(readFileSync(fileOf(folder, kind), "utf8")) as string[]).map((one) => Buffer.from(one))
    const whole = async (kind: string, next: () => Buffer | null, ms = 600_000): Promise<Load> => {
      const done = await load(port, SENDERS, ms, next)
      if (done.bad > 0) throw new Error(`${done.bad} of ${kind} were refused: ${done.firstBad}`)
      print(`${kind.padEnd(9)} ${Math.round(done.perSecond)}/s, p50 ${two(done.p50Ms)} ms, p99 ${two(done.p99Ms)} ms`)
      return done
    }
    const exchange = await whole("exchange", once(requests("exchange")))
    const refresh = await whole("refresh", once(requests("refresh")))
    const userinfo = await whole("userinfo", turns(requests("userinfo")), options.quick ? 200 : 4_000)
    const page = Buffer.from(`GET /login HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
    const idle = await load(port, 1, options.quick ? 200 : 2_000, () => page)
    let loggingIn = true
    const beside = load(port, 1, 600_000, () => (loggingIn ? page : null))
    const logins = await ours.ask<{ perSecond: number }>("logins")
    loggingIn = false
    const during = await beside
    const { auc, knownMs, unknownMs } = await ours.ask<{ auc: number; knownMs: number; unknownMs: number }>("timing")
    await ours.finish()
    const found = await floors(options.quick ?? false)
    const ratios = {
      logins: two(logins.perSecond / found.hash_per_s),
      exchange: two(exchange.perSecond / (found.sign_per_s / SIGNS)),
      refresh: two(refresh.perSecond / (found.sign_per_s / SIGNS)),
    }
    print(
      `logins    ${two(logins.perSecond)}/s; another page p99 ${two(during.p99Ms)} ms meanwhile, ${two(idle.p99Ms)} ms before; known or not: AUC ${two(auc)}`,
    )
    const result: IdentityBenchResult = {
      bench: "identity",
      ratio: Math.min(...Object.values(ratios)),
      ratios,
      logins_per_s: two(logins.perSecond),
      page_p99_ms: two(during.p99Ms),
      page_idle_p99_ms: two(idle.p99Ms),
      exchanges_per_s: Math.round(exchange.perSecond),
      refreshes_per_s: Math.round(refresh.perSecond),
      userinfo_per_s: Math.round(userinfo.perSecond),
      p99_ms: { exchange: two(exchange.p99Ms), refresh: two(refresh.p99Ms), userinfo: two(userinfo.p99Ms) },
      floors: {
        hash_per_s: two(found.hash_per_s),
        sign_per_s: Math.round(found.sign_per_s),
        sha256_per_s: Math.round(found.sha256_per_s),
      },
      auc: two(auc),
      known_ms: two(knownMs),
      unknown_ms: two(unknownMs),
      cpus,
      fsync_ms,
    }
    print(JSON.stringify(result))
    return result
  })

if (import.meta.main) {
  const role = /^--role=(.*)$/.exec(process.argv[2] ?? "")?.[1]
  if (role === "server") await server(process.argv[3]!, JSON.parse(process.argv[4]!) as Sizes)
  else await run({ quick: process.argv.includes("--quick") })
}
