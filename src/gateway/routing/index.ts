// Routing, wired: which account answers, and what an operator is told of accounts that are taken out.
import { auditIn } from "../../audit/index.ts"
import type { WriteContext } from "../../store/index.ts"
import type { GatewayDeps, ReadyUpstream } from "../types.ts"
import { Router } from "./router.ts"

const CTX: WriteContext = {
  actor: "system:routing",
  requestId: "job_routing",
  reason: "the provider refused the account",
}

export function createRouter(deps: Pick<GatewayDeps, "clock" | "log" | "store" | "random" | "routing">): Router {
  const { clock, log, store, random = Math.random, routing } = deps
  return new Router({
    clock,
    log,
    random,
    ...(routing ? { limits: routing } : {}),
    onOut({ name, publicId }: ReadyUpstream, why) {
      const action = why === "key" ? ("upstream.key-refused" as const) : ("upstream.credit-spent" as const)
      store
        .write(CTX, (tx) => auditIn(tx, { action, subject: publicId }))
        .catch((error) => log.error("gateway.alarm_unwritten", { upstream: name, why, error }))
    },
  })
}
