// The admin's addresses of payouts.
import type { PageEntry } from "../base/index.ts"

const P = "/admin/payouts"

export const ADMIN_PAYOUT_PAGES = [
  {
    path: P,
    viewer: "admin",
    title: "Payouts",
    nav: { group: "Admin", label: "Payouts", icon: "cash", order: 58 },
    search: {
      text: "What developers and publishers asked to be paid: approve it, send it, say what came of it.",
      words: "payout developer pay approve bank file iso 20022 sepa hold fraud admin",
    },
  },
  { path: `${P}/files`, viewer: "admin", title: "Files for the bank" },
  { path: `${P}/files/:payoutfile`, viewer: "admin", title: "A file for the bank" },
  { path: `${P}/files/:payoutfile/download`, viewer: "admin", kind: "data", title: "A file for the bank, to send" },
  { path: `${P}/files/:payoutfile/payment`, viewer: "admin", title: "A file was paid" },
  { path: `${P}/files/:payoutfile/withdrawal`, viewer: "admin", title: "Take a file back" },
  { path: `${P}/approvals`, viewer: "admin", title: "Approve several payouts", query: "payout=:payout" },
  { path: `${P}/:payout`, viewer: "admin", title: "A payout" },
  { path: `${P}/:payout/approval`, viewer: "admin", title: "Approve a payout" },
  { path: `${P}/:payout/rejection`, viewer: "admin", title: "Refuse a payout" },
  { path: `${P}/:payout/payment`, viewer: "admin", title: "A payout was paid" },
  { path: `${P}/:payout/failure`, viewer: "admin", title: "A payout came back" },
  { path: "/admin/users/:user/payouts", viewer: "admin", title: "Payouts of a person" },
  { path: "/admin/users/:user/payouts/documents", viewer: "admin", title: "Documents of a payee" },
  {
    path: `${P}/documents/:paydoc`,
    viewer: "admin",
    kind: "data",
    title: "A document of a payee",
  },
  { path: "/admin/users/:user/payouts/tax-number", viewer: "admin", title: "Tax number of a payee" },
  { path: "/admin/users/:user/payouts/hold", viewer: "admin", title: "Hold the payouts of a person" },
  { path: "/admin/users/:user/payouts/release", viewer: "admin", title: "Release the payouts of a person" },
] as const satisfies readonly PageEntry[]
