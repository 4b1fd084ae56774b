// Addresses of the directory's queue, and of support's.
import type { PageEntry } from "../base/index.ts"

export const DIRECTORY_PAGES = [
  {
    path: "/admin/directory",
    viewer: "admin",
    title: "App directory",
    query: "show=listed",
    nav: { group: "Admin", label: "App directory", icon: "market", order: 26 },
    search: {
      text: "Listings of apps: review, feature, suspend, reports.",
      words: "directory listing store moderation approve reject report admin",
    },
  },
  {
    path: "/admin/support",
    viewer: "admin",
    title: "Support",
    query: "show=closed",
    nav: { group: "Admin", label: "Support", icon: "mail", order: 27 },
    search: {
      text: "Questions of people: answer, close.",
      words: "help ticket queue contact message priority inbox admin",
    },
  },
  { path: "/admin/support/:ticket", viewer: "admin", title: "A question of a person" },
  { path: "/admin/directory/:app", viewer: "admin", title: "A listing of the directory" },
  { path: "/admin/directory/:app/preview", viewer: "admin", title: "Preview of a listing, for admins" },
  { path: "/admin/directory/:app/approval", viewer: "admin", title: "Put an app in the directory" },
  { path: "/admin/directory/:app/remark", viewer: "admin", title: "Send a listing back" },
  { path: "/admin/directory/:app/suspension", viewer: "admin", title: "Suspend a listing" },
  { path: "/admin/directory/:app/reinstatement", viewer: "admin", title: "Let a listing in again" },
  { path: "/admin/directory/:app/reports", viewer: "admin", title: "Settle reports of an app" },
] as const satisfies readonly PageEntry[]
