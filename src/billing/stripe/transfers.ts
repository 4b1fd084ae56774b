// Accounts of payees at the processor (Connect), and transfers to them.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"

export interface PayeeFacts {
  /** Money can be sent there, and leaves it. */
  canBePaid: boolean
  /** They filled everything in; it may still be looked at. */
  isSubmitted: boolean
}

export interface TransferInput {
  /** Cents. */
  amountMinor: number
  accountId: string
  /** Whose transfer it is, in our words: the payout. */
  group: string
}

/** @throws ProcessorError */
export interface TransferCalls {
  /** @param payee our id of them, for whoever looks at it there @returns `acct_…` */
  createPayee(input: { email: string; payee: string }, key: string): Promise<string>
  /** @returns where they go to say who they are and where the money goes; it works once, for minutes */
  payeeLink(input: { accountId: string; returnUrl: string; refreshUrl: string }): Promise<string>
  payee(accountId: string): Promise<PayeeFacts>
  /** @returns `tr_…` of that group, or null */
  transferOf(group: string): Promise<string | null>
  /** In dollars. @returns `tr_…` */
  createTransfer(input: TransferInput, key: string): Promise<string>
}

export const transferCalls = (stripe: Stripe, asked: Asked): TransferCalls => ({
  async createPayee({ email, payee }, idempotencyKey) {
    const input = {
      type: "express",
      email,
      capabilities: { transfers: { requested: true } },
      metadata: { made_by: "purser", payee },
    } satisfies Stripe.AccountCreateParams
    return (await asked(stripe.accounts.create(input, { idempotencyKey }))).id
  },
  async payeeLink({ accountId, returnUrl, refreshUrl }) {
    const input = {
      account: accountId,
      type: "account_onboarding",
      return_url: returnUrl,
      refresh_url: refreshUrl,
    } as const
    return (await asked(stripe.accountLinks.create(input))).url
  },
  async payee(accountId) {
    const { payouts_enabled, details_submitted, capabilities } = await asked(stripe.accounts.retrieve(accountId))
    const transfers = capabilities?.transfers ?? "active"
    return { canBePaid: payouts_enabled && transfers === "active", isSubmitted: details_submitted }
  },
  async transferOf(group) {
    const { data } = await asked(stripe.transfers.list({ transfer_group: group, limit: 1 }))
    return data[0]?.id ?? null
  },
  async createTransfer({ amountMinor, accountId, group }, idempotencyKey) {
    const input = { amount: amountMinor, currency: "usd", destination: accountId, transfer_group: group }
    return (await asked(stripe.transfers.create(input, { idempotencyKey }))).id
  },
})
