// The admin's addresses of what is sold: packages, coupons, orders, invoices, and the payment service behind them.
import type { PageEntry } from "../base/index.ts"

export const BILLING_PAGES = [
  {
    path: "/admin/packages",
    viewer: "admin",
    title: "Packages",
    nav: { group: "Admin", label: "Packages", icon: "coin", order: 51 },
    search: {
      text: "Credits that people buy: price, and what is on top.",
      words: "buy sell credits package stripe price admin",
    },
  },
  {
    path: "/admin/packages/new",
    viewer: "admin",
    title: "New package",
    search: { text: "Put a package of credits on sale.", words: "add credits buy sell price admin" },
  },
  { path: "/admin/packages/:package", viewer: "admin", title: "A package" },
  { path: "/admin/packages/:package/deactivation", viewer: "admin", title: "Take a package off sale" },
  {
    path: "/admin/coupons",
    viewer: "admin",
    title: "Coupons",
    nav: { group: "Admin", label: "Coupons", icon: "receipt", order: 52 },
    search: {
      text: "Codes: what each gives, who used it and what that cost.",
      words: "coupon voucher promo code discount gift redeem admin",
    },
  },
  {
    path: "/admin/coupons/new",
    viewer: "admin",
    title: "New coupon",
    search: { text: "Make a code that gives something.", words: "add coupon voucher promo code discount admin" },
  },
  { path: "/admin/coupons/:coupon", viewer: "admin", title: "A coupon" },
  { path: "/admin/coupons/:coupon/ending", viewer: "admin", title: "End a coupon" },
  {
    path: "/admin/invoices",
    viewer: "admin",
    title: "Invoices",
    nav: { group: "Admin", label: "Invoices", icon: "receipt", order: 54 },
    search: {
      text: "What everybody paid, with the paper for it; invoices that wait for money.",
      words: "invoice bill receipt tax pdf overdue payment bank transfer cash admin",
    },
  },
  { path: "/admin/invoices/:invoice", viewer: "admin", title: "An invoice" },
  { path: "/admin/invoices/:invoice/pdf", viewer: "admin", kind: "data", title: "An invoice as PDF" },
  { path: "/admin/invoices/:invoice/notes/:note", viewer: "admin", kind: "data", title: "A credit note as PDF" },
  { path: "/admin/invoices/:invoice/payment", viewer: "admin", title: "Mark an invoice as paid" },
  { path: "/admin/invoices/:invoice/failure", viewer: "admin", title: "Give an invoice up" },
  { path: "/admin/sales/:sale/refund", viewer: "admin", title: "Give a payment for an API back" },
  {
    path: "/admin/orders",
    viewer: "admin",
    title: "Orders",
    nav: { group: "Admin", label: "Orders", icon: "receipt", order: 53 },
    search: {
      text: "What people paid, refunds, and disputes of their banks.",
      words: "payment refund dispute chargeback stripe order admin",
    },
  },
  { path: "/admin/orders/:payment", viewer: "admin", title: "An order" },
  { path: "/admin/orders/:payment/refund", viewer: "admin", title: "Refund an order" },
  {
    path: "/admin/billing",
    viewer: "admin",
    title: "Billing",
    nav: { group: "Admin", label: "Billing", icon: "receipt", order: 55 },
    search: {
      text: "Money in, refunds, disputes and fees by day, and whether Stripe and the books agree.",
      words: "stripe payments revenue money income fees charts admin",
    },
  },
  { path: "/admin/billing.csv", viewer: "admin", kind: "data", title: "Money by day as a file" },
  {
    path: "/admin/billing/comparison",
    viewer: "admin",
    title: "Stripe and the books",
    search: {
      text: "What Stripe says against what the books say, object by object.",
      words: "reconcile reconciliation difference balance payout fees admin",
    },
  },
  {
    path: "/admin/billing/events",
    viewer: "admin",
    title: "Events of Stripe",
    search: { text: "What Stripe sent, and what is parked; replay.", words: "webhook event parked replay retry admin" },
  },
  { path: "/admin/billing/events/:event", viewer: "admin", title: "An event of Stripe" },
  { path: "/admin/billing/events/:event/setting-aside", viewer: "admin", title: "Set an event aside" },
  {
    path: "/admin/billing/setup",
    viewer: "admin",
    title: "Payment setup",
    search: {
      text: "The key of Stripe, its webhook, and a test.",
      words: "stripe key secret webhook connect test admin",
    },
  },
  { path: "/admin/billing/key/removal", viewer: "admin", title: "Remove the key of Stripe" },
  {
    path: "/admin/referrals",
    viewer: "admin",
    title: "Referrals",
    nav: { group: "Admin", label: "Referrals", icon: "users", order: 56 },
    search: {
      text: "Who brought whom, what was given, what was refused and why.",
      words: "referral invite reward fraud admin",
    },
  },
] as const satisfies readonly PageEntry[]
