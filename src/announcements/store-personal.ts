// What `announcements` has of a person: which banners they put away.
import type { Personal } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const ANNOUNCEMENTS_PERSONAL: Personal = {
  tables: {
    announcement_dismissals: {
      erased: "deleted",
      exported: { not: "which banners of this house were put away: nothing but that they are not shown again" },
    },
  },
  files: [],
}

export const eraseAnnouncements = (tx: Tx, userId: number, rows: number): number =>
  deleteSome(tx, "announcement_dismissals", "user_id = ?", [userId], rows)
