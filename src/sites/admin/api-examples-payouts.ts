// What programs may send to the forms of payouts, and what such an answer holds beside its sentence.
import { Type as t } from "@sinclair/typebox"
import type { Described } from "./api-examples.ts"

const reason = "Asked by mail"
const PAYOUT = "pay_01K9ZT4M2Q8V6X3B7N5RJDHWCE"

export const PAYOUTS: Record<string, Described> = {
  "/admin/payouts/files": {
    body: { format: "csv", reason },
    result: { file: t.String({ description: "Its id" }) },
  },
  "/admin/payouts/files/:payoutfile/payment": { body: { reference: "2026-11-28/4", reason } },
  "/admin/payouts/files/:payoutfile/withdrawal": { body: { reason } },
  "/admin/payouts/approvals": {
    body: { payouts: PAYOUT, reason },
    result: {
      approved: t.Integer({ description: "How many are approved now", examples: [1] }),
      refused: t.Array(
        t.Object({
          payout: t.String({ description: "Which one", examples: [PAYOUT] }),
          who: t.String({ description: "Its developer", examples: ["Ada Reader"] }),
          why: t.String({ examples: ["The payouts of this developer are held. Release them first."] }),
        }),
      ),
    },
  },
  "/admin/payouts/:payout/approval": { body: { reason } },
  "/admin/payouts/:payout/rejection": { body: { because: "Your invoice is missing.", reason } },
  "/admin/payouts/:payout/payment": { body: { reference: "2026-11-28/4", reason } },
  "/admin/payouts/:payout/failure": { body: { because: "Your bank sent it back: account closed.", reason } },
  "/admin/users/:user/payouts/documents": { body: { decision: "approved", reason } },
  "/admin/users/:user/payouts/hold": { body: { reason } },
  "/admin/users/:user/payouts/release": { body: { reason } },
}
