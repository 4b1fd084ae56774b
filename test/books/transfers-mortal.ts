// The server that sends payouts to Stripe and dies at one step of it: after each question to Stripe, inside each write and after it. Started
// by `transfers-kill.test.ts`; says in a line what it does.
import { nano, UserId } from "../../src/app/index.ts"
import type { Store } from "../../src/store/index.ts"
import { CTX, startTestServer } from "../build.ts"

const [dataDir = "", port = "", apiBase = "", developer = "", killAt = "0"] = process.argv.slice(2)

let steps = 0
let isSending = false
function step(what: string): void {
  if (!isSending || ++steps !== Number(killAt)) return
  console.log(`dies ${what}`)
  process.kill(process.pid, "SIGKILL")
}

async function ask(request: Request): Promise<Response> {
  const what = `${request.method} ${new URL(request.url).pathname}`
  const answer = await fetch(request)
  const body = await answer.arrayBuffer()
  // Other jobs ask for what is theirs whenever they like.
  if (what.endsWith("/v1/transfers")) step(`after ${what}`)
  return new Response(body, { status: answer.status, headers: answer.headers })
}

function countWrites(store: Store): void {
  const { write } = store
  store.write = async (ctx, mutation, options) => {
    if (ctx.actor !== "system:send-payouts") return await write(ctx, mutation, options)
    const result = await write(
      ctx,
      (tx) => {
        const made = mutation(tx)
        step("inside a write")
        return made
      },
      options,
    )
    step("after a write")
    return result
  }
}

/** Asked for by this process, so that no other one did. */
async function approved(): Promise<string> {
  const asking = { userId, amountNano: nano(25_000_000_000), key: `process-${process.pid}-${Date.now()}` }
  const order = await app.store.write(CTX, (tx) => app.payouts.requestIn(tx, asking))
  await app.store.write(CTX, (tx) => app.payouts.approveIn(tx, order.publicId))
  return order.publicId
}

const stripe = { secretKey: "sk_test_fake", webhookSecret: "whsec_fake", apiBase, fetch: ask }
const { app } = await startTestServer({ dataDir, port: Number(port), stripe })
// It is sent by hand alone, so that each step is the same in each life: one of the jobs may have begun already.
await app.jobs.stop()
countWrites(app.store)
const userId = UserId(Number(developer))
const open = app.payouts.ordersOf(userId).find(({ state }) => state === "approved")
const publicId = open?.publicId ?? (await approved())
console.log(`sends ${publicId}`)
isSending = true
await app.payouts.sendPayouts(10)
isSending = false
console.log(`${app.payouts.order(publicId)!.state} ${publicId}`)
process.exit(0)
