// Builds the domains in their order: each is given only what stands to its left.
import { createDevelopers, type Developers } from "../developers/index.ts"
import { createGateway, type Gateway } from "../gateway/index.ts"
import { createIdentity, type Identity } from "../identity/index.ts"
import { createKept, type Kept } from "../kept/index.ts"
import { createLedger, createVerification, type Ledger, type Verification } from "../ledger/index.ts"
import { createMedia, type Media } from "../media/index.ts"
import { createOauth, type Oauth } from "../oauth/index.ts"
import { createPlans, type Plans } from "../plans/index.ts"
import { createPricing, type Pricing } from "../pricing/index.ts"
import { createUsage, type Usage } from "../usage/index.ts"
import type { Base } from "./base.ts"

export interface Domains {
  media: Media
  ledger: Ledger
  verification: Verification
  identity: Identity
  plans: Plans
  pricing: Pricing
  oauth: Oauth
  usage: Usage
  kept: Kept
  developers: Developers
  gateway: Gateway
}

export async function createDomains(base: Base, given: { sandboxWordMs?: number }): Promise<Domains> {
  const { store, clock, ids, keyring, log, settings } = base
  const { baseUrl, adminEmails } = base.config
  const media = createMedia({ store, clock })
  const ledger = createLedger({ store, clock, ids, bootId: ids.next("job") })
  const verification = createVerification({ reads: base.reads, ledger, clock })
  const { mails, lifecycle } = base
  const identity = createIdentity({ store, clock, ids, keyring, mails, lifecycle, baseUrl, adminEmails })
  const plans = createPlans({ store, clock, ledger, settings })
  const pricing = createPricing({ store, clock })
  const oauth = await createOauth({ store, clock, ids, keyring, identity, issuer: baseUrl })
  const usage = createUsage({ store, log })
  const kept = createKept({ store, clock, keyring, settings })
  const developers = createDevelopers({ store, settings, identity })
  const gateway = createGateway({
    store,
    clock,
    ids,
    keyring,
    log,
    ledger,
    pricing,
    oauth,
    identity,
    usage,
    kept,
    plans,
    earnings: { promoCapIn: (tx) => developers.promoCapIn(tx, plans.freeBudgetNanoIn(tx)) },
    baseUrl,
    ...given,
  })
  return { media, ledger, verification, identity, plans, pricing, oauth, usage, kept, developers, gateway }
}
