// Connected accounts and transfers to them, for payouts.
import { book } from "./balance.ts"
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, metadata, oneOf, text, whatever, whole } from "./shape.ts"
import type { Account, Transfer } from "./types.ts"
import type { World } from "./world.ts"

export const connectRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/accounts",
    fields(
      {},
      {
        type: oneOf("express", "standard", "custom"),
        country: text,
        email: text,
        capabilities: whatever,
        controller: whatever,
        business_type: text,
        metadata,
        ...EXPAND,
      },
    ),
    (sent) => {
      const account: Account = {
        id: world.id("acct"),
        object: "account",
        created: world.now(),
        charges_enabled: false,
        payouts_enabled: false,
        details_submitted: false,
        email: sent.email ?? null,
        country: sent.country ?? "US",
        default_currency: "usd",
        type: sent.type ?? "express",
        metadata: sent.metadata ?? {},
      }
      return world.add(account)
    },
  ),
  route("GET", "/v1/accounts/:id", none, (_, { id }) => world.find<Account>("account", id!)),
  route("GET", "/v1/account", none, () => ({
    id: world.options.account ?? "acct_fake",
    object: "account",
    country: "US",
    default_currency: "usd",
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    email: "operator@example.com",
    settings: { dashboard: { display_name: "Fake" } },
  })),
  route(
    "POST",
    "/v1/account_links",
    fields({ account: text, type: text }, { refresh_url: text, return_url: text, ...EXPAND }),
    (sent) => {
      const account = world.find<Account>("account", sent.account, "account")
      const now = world.now()
      return {
        object: "account_link",
        created: now,
        expires_at: now + 300,
        url: `${world.options.origin}/onboard/${account.id}?return=${encodeURIComponent(sent.return_url ?? "")}`,
      }
    },
  ),
  route(
    "POST",
    "/v1/transfers",
    fields(
      { amount: whole, currency: text, destination: text },
      { description: text, transfer_group: text, source_transaction: text, metadata, ...EXPAND },
    ),
    (sent) => {
      const account = world.find<Account>("account", sent.destination, "destination")
      if (!account.payouts_enabled)
        throw invalid(
          "Your destination account needs to have at least one of the following capabilities enabled: transfers",
          "destination",
          "insufficient_capabilities_for_transfer",
        )
      const transfer: Transfer = {
        id: world.id("tr"),
        object: "transfer",
        created: world.now(),
        livemode: false,
        amount: sent.amount,
        amount_reversed: 0,
        balance_transaction: null,
        currency: sent.currency,
        description: sent.description ?? null,
        destination: account.id,
        reversed: false,
        transfer_group: sent.transfer_group ?? null,
        metadata: sent.metadata ?? {},
      }
      transfer.balance_transaction = book(world, {
        type: "transfer",
        amount: -sent.amount,
        currency: sent.currency,
        source: transfer.id,
      }).id
      world.add(transfer)
      world.emit("transfer.created", transfer)
      return transfer
    },
  ),
  route("GET", "/v1/transfers", fields({}, { ...PAGED, destination: text, transfer_group: text }), (sent) =>
    pageOf(
      world
        .all<Transfer>("transfer")
        .filter(
          (one) =>
            (sent.destination === undefined || one.destination === sent.destination) &&
            (sent.transfer_group === undefined || one.transfer_group === sent.transfer_group),
        ),
      sent,
      "/v1/transfers",
    ),
  ),
  route("GET", "/v1/transfers/:id", none, (_, { id }) => world.find<Transfer>("transfer", id!)),
]

export function finishOnboarding(world: World, account: Account): void {
  Object.assign(account, { charges_enabled: true, payouts_enabled: true, details_submitted: true })
  world.emit("account.updated", account)
}
