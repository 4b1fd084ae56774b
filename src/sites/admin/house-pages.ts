// Addresses of what an operator says of their house: settings, and the versions of the legal pages.
import type { PageEntry } from "../base/index.ts"

export const HOUSE_PAGES = [
  {
    path: "/admin/apply",
    viewer: "admin",
    title: "Set up from a file",
    search: {
      text: "The whole set-up as one YAML file: looked at, applied, taken along.",
      words: "apply export import yaml configuration set-up file settings dry run diff move admin",
    },
  },
  { path: "/admin/apply/purser.yaml", viewer: "admin", kind: "data", title: "The present set-up as a file" },
  {
    path: "/admin/brand",
    viewer: "admin",
    title: "Brand",
    nav: { group: "Admin", label: "Brand", icon: "bookmark", order: 92 },
    search: { text: "Name, logo, colour and texts of this server.", words: "logo accent theme claim name look" },
  },
  { path: "/admin/brand/preview", viewer: "admin", kind: "data", title: "Brand, while it is typed" },
  {
    path: "/admin/legal",
    viewer: "admin",
    title: "Legal pages",
    nav: { group: "Admin", label: "Legal pages", icon: "receipt", order: 93 },
    search: { text: "Terms, privacy, cookies and the developer agreement.", words: "legal policy agreement contract" },
  },
  { path: "/admin/legal/:legal", viewer: "admin", title: "A legal page" },
  {
    path: "/admin/announcements",
    viewer: "admin",
    title: "Announcements",
    nav: { group: "Admin", label: "Announcements", icon: "bell", order: 94 },
    search: { text: "Tell people of maintenance or news.", words: "banner notice news maintenance message all" },
  },
  {
    path: "/admin/announcements/new",
    viewer: "admin",
    title: "Announce something",
    search: { text: "A banner, a notice, a mail.", words: "banner notice news new announcement" },
  },
  { path: "/admin/announcements/:announcement", viewer: "admin", title: "An announcement" },
  { path: "/admin/announcements/:announcement/ending", viewer: "admin", title: "End an announcement" },
  {
    path: "/admin/settings",
    viewer: "admin",
    title: "House settings",
    nav: { group: "Admin", label: "House settings", icon: "settings", order: 80 },
    search: {
      text: "What holds for everybody: free credits, terms of earning.",
      words: "configuration limits budget admin",
    },
  },
  { path: "/admin/settings/:setting", viewer: "admin", title: "A setting" },
] as const satisfies readonly PageEntry[]
