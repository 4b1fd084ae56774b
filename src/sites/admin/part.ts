// What the admin's site contributes: sums over everybody, made in the read Worker, and a proxy that is not trusted.

import type { Proxies } from "../../http/index.ts"
import type { Check, Part } from "../../part/index.ts"
import { auditCsv } from "./audit-csv.ts"
import { type PastInput, pastCharges } from "./price-past.ts"
import { WALLET_SENTENCES } from "./sentences.ts"
import { upstreamHealth, upstreamSpend } from "./store.ts"
import { type AppsQuery, appsListed } from "./store-apps.ts"
import { type AuditSearch, auditSearch } from "./store-audit.ts"
import { trialBalance } from "./store-books.ts"
import { unpricedCalls } from "./store-prices.ts"
import { serviceUse } from "./store-services.ts"
import { type UsersQuery, usersMatching, usersPage } from "./store-users.ts"
import { type UsersCsvInput, usersCsv } from "./users-csv.ts"

export const adminPart: Part<{ proxies: Pick<Proxies, "untrusted"> }> = {
  name: "sites/admin",
  sentences: WALLET_SENTENCES,
  keeps: [{ what: "Audit log", goes: "Who did what, when and why.", kept: "for ever", job: null }],
  reads: {
    "admin.trial-balance": trialBalance,
    "admin.apps": (reader, input) => appsListed(reader, input as AppsQuery),
    "admin.users": (reader, input) => reader.snapshot(() => usersPage(reader, input as UsersQuery)),
    "admin.users-matching": (reader, input) => reader.snapshot(() => usersMatching(reader, input as UsersQuery)),
    "admin.audit": (reader, input) => reader.snapshot(() => auditSearch(reader, input as AuditSearch)),
    "admin.past-charges": (reader, input) => reader.snapshot(() => pastCharges(reader, input as PastInput)),
    "admin.service-use": (reader, input) => serviceUse(reader, input as Parameters<typeof serviceUse>[1]),
    "admin.unpriced-calls": (reader, input) => unpricedCalls(reader, input as Parameters<typeof unpricedCalls>[1]),
    "admin.upstream-health": (reader, input) => upstreamHealth(reader, input as Parameters<typeof upstreamHealth>[1]),
    "admin.upstream-spend": (reader, input) => upstreamSpend(reader, input as Parameters<typeof upstreamSpend>[1]),
  },
  streams: {
    "admin.audit-csv": (reader, input) => auditCsv(reader, input as AuditSearch | null),
    "admin.users-csv": (reader, input) => usersCsv(reader, input as UsersCsvInput),
  },
  run: ({ proxies }) => ({ checks: [() => proxy(proxies.untrusted())] }),
}

/** Everybody behind it shares one address, and with it the limits on wrong passwords. */
function proxy(found: ReturnType<Proxies["untrusted"]>): Check[] {
  if (found === null) return []
  const { peer, header } = found
  return [
    {
      label: "Proxy",
      state: "warn",
      text: `${peer} sends ${header} but is not trusted`,
      remedy: `If it is your proxy, set PURSER_TRUSTED_PROXIES=${peer} and start the server again, so that people behind it are told apart. If it is not, nothing is to be done: the header is ignored.`,
    },
  ]
}
